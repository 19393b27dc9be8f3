using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Sandbox;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Gateway.Storage;

/// <summary>Calls of the sandbox, and the life of one payment, on either engine.</summary>
internal sealed class SandboxStore(IDbContextFactory<CanPayContext> contexts) : ISandboxStore
{
    private const int MaxCalls = 100;

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    public async Task Keep(IReadOnlyList<SandboxCall> calls, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        books.SandboxCalls.AddRange(calls.Select(call => new SandboxCallRow
        {
            MerchantId = call.MerchantId.Value,
            Token = call.Token,
            Path = call.Path,
            RequestId = call.RequestId,
            Status = call.Status,
            Request = call.Request,
            Answer = call.Answer,
            AtMs = call.At.ToUnixTimeMilliseconds(),
        }));
        await books.SaveChangesAsync(ct);
    }

    public async Task<IReadOnlyList<Step>> Steps(PaymentId payment, string token, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        var calls = await books.SandboxCalls.AsNoTracking().Where(row => row.Token == token).OrderBy(row => row.Id).Take(MaxCalls).ToListAsync(ct);
        var moves = await books.Transitions.AsNoTracking().Where(row => row.PaymentId == payment.Value).OrderBy(row => row.Version).ToListAsync(ct);
        var messages = await books.NetworkMessages.AsNoTracking().Where(row => row.PaymentId == payment.Value).OrderBy(row => row.Id).Take(MaxCalls).ToListAsync(ct);
        var transfers = await books.Transfers.AsNoTracking().Where(row => row.PaymentId == payment.Value).OrderBy(row => row.Id).ToListAsync(ct);
        return
        [
            .. calls.Select(row => new Step(At(row.AtMs), "call", $"POST {row.Path} → {row.Status}", Pretty(row.Request), Pretty(row.Answer)))
                .Concat(moves.Select(row => new Step(At(row.AtMs), "move", $"{row.FromStatus ?? "∅"} → {row.ToStatus} ({row.Cause})")))
                .Concat(messages.Select(row => new Step(At(row.AtMs), "network", $"ISO 8583 {row.Event} {row.Mti}", row.Summary)))
                .Concat(transfers.Select(row => new Step(
                    At(row.AtMs), "money", $"{row.Template}: {row.DebitAccount} → {row.CreditAccount}, {row.AmountRials}")))
                .OrderBy(step => step.At),
        ];
    }

    public async Task Forget(DateTimeOffset before, CancellationToken ct)
    {
        await using var books = await contexts.CreateDbContextAsync(ct);
        var until = before.ToUnixTimeMilliseconds();
        await books.SandboxCalls.Where(row => row.AtMs < until).ExecuteDeleteAsync(ct);
    }

    /// <summary>What is JSON is laid out; whatever else came is shown as it came.</summary>
    private static string Pretty(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return JsonSerializer.Serialize(json.RootElement, Readable);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static DateTimeOffset At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}
