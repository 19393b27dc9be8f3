using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace CanPay.Gateway.Operations;

/// <summary>Proves that the doctor can see: healthy books are called healthy, and each planted violation is found.</summary>
internal static class SelfTest
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly PaymentClocks Clocks = new(
        TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(40), MaxDeclines: 1);

    /// <summary>For each invariant whether its violation was seen; the first line says whether healthy books are clean.</summary>
    public static async Task<IReadOnlyList<(string Name, bool Passed)>> Run()
    {
        var folder = Directory.CreateTempSubdirectory("canpay-selftest-").FullName;
        try
        {
            var healthy = Path.Combine(folder, "healthy.db");
            await MakeHealthyBooks(healthy);
            var results = new List<(string, bool)>
            {
                ("healthy_books_are_clean", (await Doctor.Examine(new SqliteEngine(healthy), atRest: true, Start, CancellationToken.None)).Count == 0),
            };
            foreach (var invariant in Invariant.All)
            {
                results.Add((invariant.Name, await Sees(healthy, folder, invariant.Name, invariant.Plant)));
            }

            results.Add(("schema_is_ours", await Sees(healthy, folder, "schema_is_ours", "DROP INDEX open_payments_due")));
            return results;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> Sees(string healthy, string folder, string name, string plant)
    {
        var sick = Path.Combine(folder, name + ".db");
        File.Copy(healthy, sick);
        using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = sick, Pooling = false }.ToString()))
        {
            connection.Open();
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this program
            command.CommandText =
                "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;"
                + string.Concat(Triggers(connection).Select(trigger => $"DROP TRIGGER {trigger.Name};"))
                + plant + ";"
                + string.Concat(Triggers(connection).Select(trigger => trigger.Sql + ";"));
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }

        return (await Doctor.Examine(new SqliteEngine(sick), atRest: true, Start, CancellationToken.None)).Any(finding => finding.Invariant == name);
    }

    private static List<(string Name, string Sql)> Triggers(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'";
        using var row = command.ExecuteReader();
        var triggers = new List<(string, string)>();
        while (row.Read())
        {
            triggers.Add((row.GetString(0), row.GetString(1)));
        }

        return triggers;
    }

    /// <summary>A payment in every status, written by the store itself.</summary>
    private static async Task MakeHealthyBooks(string file)
    {
        SqliteDatabase.Prepare(file);
        AddMerchant(file);
        using var store = new SqliteStore(file, new StorageOptions(), TimeProvider.System);
        foreach (var status in Enum.GetValues<PaymentStatus>())
        {
            await Make(store, status);
        }

        await Make(store, PaymentStatus.Reversed, cause: ReversalCause.OutcomeUnknown);
    }

    private static async Task Make(SqliteStore store, PaymentStatus goal, ReversalCause cause = ReversalCause.NotVerified)
    {
        var token = PaymentToken.New();
        await store.Create(
            new NewPayment(new MerchantId(1), token, token, new Rials(10_000), new Uri("https://site.com/verify"), null, Start, Start + Clocks.PageLifetime),
            CancellationToken.None);
        var payment = (await store.Find(token, CancellationToken.None))!;
        switch (goal)
        {
            case PaymentStatus.Created:
                return;
            case PaymentStatus.Cancelled:
                await Move(store, payment, payment.Cancel("browser", Start));
                return;
            case PaymentStatus.Expired:
                await Move(store, payment, payment.Expire(payment.PageExpiresAt));
                return;
        }

        var stan = payment.Id.Value.ToString("000000", System.Globalization.CultureInfo.InvariantCulture);
        var authorization = new Authorization(
            payment.Id, 1, stan, "600108" + stan, Start, new Terminal("00000001", "000000000000001", "5999"), payment.Amount, "5022-29**-****-7122")
        {
            CardHash = "hash",
            SealedCard = [1],
        };
        payment = await Move(store, payment, payment.BeginAuthorization(authorization, "browser", Clocks, Start), authorization);
        if (goal is PaymentStatus.Authorizing)
        {
            return;
        }

        AuthorizationOutcome outcome = goal is PaymentStatus.Failed ? new AuthorizationOutcome.Declined(116)
            : goal is PaymentStatus.Reversing || cause is ReversalCause.OutcomeUnknown ? new AuthorizationOutcome.Unknown("no answer")
            : new AuthorizationOutcome.Approved(0, null);
        authorization = authorization.With(outcome);
        payment = await Move(store, payment, payment.CompleteAuthorization(outcome, Clocks, Start), authorization);
        if (goal is PaymentStatus.Verified)
        {
            await Move(store, payment, payment.Verify(Start));
        }
        else if (goal is PaymentStatus.Reversed)
        {
            if (payment.Status is PaymentStatus.Authorized)
            {
                payment = await Move(store, payment, payment.ReturnUnverified(payment.VerifyDeadline!.Value), at: payment.VerifyDeadline);
            }

            var later = Start + TimeSpan.FromHours(1);
            await Move(store, payment, payment.ConfirmReversal(later), authorization with { Status = AuthorizationStatus.Reversed }, later);
        }
    }

    private static async Task<Payment> Move(
        SqliteStore store, Payment before, Result<Payment> move, Authorization? authorization = null, DateTimeOffset? at = null)
    {
        if (move.Refused(out var refusal, out var after)
            || await store.Apply(new PaymentChange(before, after, "self-test", at ?? Start) { Authorization = authorization }) is not ApplyResult.Applied)
        {
            throw new InvalidOperationException($"The self-test could not move a payment from {before.Status}: {refusal?.Name}");
        }

        return after;
    }

    private static void AddMerchant(string file)
    {
        using var connection = SqliteDatabase.Open(file);
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            INSERT INTO merchants (id, code, name, status, addresses, domains, min_amount_rials, max_amount_rials, referrer_policy,
                callback_method, allow_http_callback, terminal_id, acceptor_id, category_code, created_at_ms, version)
            VALUES (1, 'self-test', 'self-test', 'Active', '', 'site.com', 1000, 2000000000, 'Explain', 'Post', 0,
                '00000001', '000000000000001', '5999', 0, 1)
            """;
        command.ExecuteNonQuery();
    }
}
