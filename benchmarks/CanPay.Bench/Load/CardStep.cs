using System.Globalization;
using CanPay.Gateway;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage.Postgres;

namespace CanPay.Bench;

/// <summary>
/// What the payer's page and the card network do to a payment, written through CanPay's own store with its group commit:
/// the two moves "authorizing" and "authorized" with all their rows, without HTTP and without a network.
/// </summary>
internal sealed class CardStep : IAsyncDisposable
{
    private const string CardMask = "5022-29**-****-7122";

    private static readonly PaymentClocks Clocks = new(
        TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(40), MaxDeclines: 5);

    private readonly PostgresDatabase _database;
    private readonly PostgresStore _store;
    private readonly TraceNumbers _traceNumbers;
    private readonly Terminal _terminal;

    private CardStep(PostgresDatabase database, PostgresStore store, Terminal terminal)
    {
        (_database, _store, _terminal) = (database, store, terminal);
        _traceNumbers = new TraceNumbers(store, TimeProvider.System);
    }

    public static async Task<CardStep> On(string connectionString)
    {
        var database = new PostgresDatabase(connectionString);
        var store = new PostgresStore(database, new StorageOptions());
        var merchant = await store.FindMerchant(LoadGenerator.MerchantCode, CancellationToken.None)
            ?? throw new InvalidOperationException("The demo merchant is not in the database.");
        return new CardStep(database, store, merchant.Terminal);
    }

    public async Task<bool> Pay(string token)
    {
        if (await _store.Find(token, CancellationToken.None) is not { } payment)
        {
            return false;
        }

        var now = TimeProvider.System.Now();
        var trace = await _traceNumbers.Next(CancellationToken.None);
        var authorization = new Authorization(
            payment.Id, 1, trace.Stan, trace.Rrn(now), now, _terminal, payment.Amount, CardMask)
        {
            CardHash = new string('0', 64),
            SealedCard = new byte[53],
        };
        if (await Move(payment, payment.BeginAuthorization(authorization, token, Clocks, now), "payer", authorization, now) is not { } begun)
        {
            return false;
        }

        var outcome = new AuthorizationOutcome.Approved(0, "000000");
        now = TimeProvider.System.Now();
        return await Move(begun, begun.CompleteAuthorization(outcome, Clocks, now), "network", authorization.With(outcome), now) is not null;
    }

    public async ValueTask DisposeAsync()
    {
        _traceNumbers.Dispose();
        await _store.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task<Payment?> Move(Payment before, Result<Payment> move, string cause, Authorization authorization, DateTimeOffset now)
    {
        if (move.Refused(out _, out var after))
        {
            return null;
        }

        var change = new PaymentChange(before, after, cause, now)
        {
            Authorization = authorization,
            Messages = after.Status is PaymentStatus.Authorized
                ? [Message("sent", "1200", authorization), Message("received", "1210", authorization)]
                : [],
        };
        return await _store.Apply(change) is ApplyResult.Applied ? after : null;
    }

    /// <summary>As long as a real entry of the journal.</summary>
    private static NetworkMessage Message(string what, string mti, Authorization authorization) => new(
        authorization.TransmittedAt,
        what,
        mti,
        authorization.Stan,
        authorization.Rrn,
        mti == "1210" ? 0 : null,
        authorization.PaymentId,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{mti} 2=502229******7122 3=000000 4=000000010000 7=1124110600 11={authorization.Stan} 12=261124143600 14=(4) 18=5999 "
                + $"22=700101700100 24=200 32=581672000 37={authorization.Rrn} 41=00000001 42=000000000000001 48=(9) 49=364 52=(8) 53=(4) 128=(8)"));
}

/// <summary>One for each database, made when it is first needed.</summary>
internal sealed class CardSteps : IAsyncDisposable
{
    private readonly Dictionary<string, CardStep> _steps = [];

    public async Task<CardStep> On(string connectionString) =>
        _steps.TryGetValue(connectionString, out var step) ? step : _steps[connectionString] = await CardStep.On(connectionString);

    public async ValueTask DisposeAsync()
    {
        foreach (var step in _steps.Values)
        {
            await step.DisposeAsync();
        }
    }
}
