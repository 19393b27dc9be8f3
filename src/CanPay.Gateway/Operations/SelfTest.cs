using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;

namespace CanPay.Gateway.Operations;

/// <summary>Proves that the doctor can see: healthy books are called healthy, and each planted violation is found.</summary>
internal static class SelfTest
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly PaymentClocks Clocks = new(
        TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(40), MaxDeclines: 1);

    /// <summary>For each invariant whether its violation was seen; the first line says whether healthy books are clean.</summary>
    /// <param name="engine">Whose kind of books is made; its own are not touched.</param>
    public static async Task<IReadOnlyList<(string Name, bool Passed)>> Run(StorageEngine engine, CancellationToken ct)
    {
        await using var books = await SelfTestBooks.Make(engine, ct);
        await MakeHealthy(books);
        var results = new List<(string, bool)> { ("healthy_books_are_clean", (await books.Examine(Start, ct)).Count == 0) };
        foreach (var invariant in Invariant.All)
        {
            var seen = true;
            foreach (var plant in invariant.PlantsOn(engine.Kind))
            {
                seen &= await Sees(invariant.Name, plant, invariant.PlantedAsItIs);
            }

            results.Add((invariant.Name, seen));
        }

        var schema = true;
        foreach (var plant in Doctor.PlantsInTheSchema)
        {
            schema &= await Sees(Doctor.SchemaIsOurs, plant, asItIs: true);
        }

        results.Add((Doctor.SchemaIsOurs, schema));
        return results;

        async Task<bool> Sees(string name, string plant, bool asItIs) =>
            (await books.ExaminePlanted(plant, asItIs, Start, ct)).Any(finding => finding.Invariant == name);
    }

    /// <summary>A payment in every status, written by the hot path itself.</summary>
    private static async Task MakeHealthy(SelfTestBooks books)
    {
        await books.Execute(
            """
            INSERT INTO merchants (id, code, name, status, addresses, domains, min_amount_rials, max_amount_rials, referrer_policy,
                callback_method, allow_http_callback, terminal_id, acceptor_id, category_code, created_at_ms, version)
            VALUES (1, 'self-test', 'self-test', 'Active', '', 'site.com', 1000, 2000000000, 'Explain', 'Post', FALSE,
                '00000001', '000000000000001', '5999', 0, 1)
            """);
        foreach (var (purpose, head) in new[] { ("Hash", "NULL"), ("Seal", books.Bytes("00000001")) })
        {
            await books.Execute(
                $"""
                INSERT INTO card_keys (purpose, version, head, state, kek, wrapped, created_at_ms)
                VALUES ('{purpose}', 1, {head}, 'Current', 'self-test', {books.Bytes("00")}, 0)
                """);
        }

        await books.Execute(
            $"""
            INSERT INTO webhook_endpoints (id, key, merchant_id, url, events, status, active_since_ms, sealed_secret, created_at_ms)
            VALUES (1, 'whe_00000000000000000000000000', 1, 'https://site.com/webhook', '*', 'Active', 0, {books.Bytes("00")}, 0)
            """);
        foreach (var status in Enum.GetValues<PaymentStatus>())
        {
            await Make(books, status);
        }

        await Make(books, PaymentStatus.Reversed, cause: ReversalCause.OutcomeUnknown);
        await Make(books, PaymentStatus.Reversed, cause: ReversalCause.Merchant);
        await SelfTestRefunds.Make(books);
        await SelfTestAnswers.Make(books, Start);
        await books.Execute(
            """
            UPDATE webhook_deliveries SET status = 'Delivered', attempts = 1, ended_at_ms = born_at_ms WHERE id IN (1, 2);
            INSERT INTO webhook_attempts (delivery_id, at_ms, duration_ms, outcome, http_status) VALUES (1, 1, 1, 'Delivered', 204), (2, 1, 1, 'Delivered', 204)
            """);
        await books.Close();
    }

    private static async Task Make(SelfTestBooks books, PaymentStatus goal, ReversalCause cause = ReversalCause.NotVerified)
    {
        var token = PaymentToken.New(Start);
        var payment = await books.Add(new NewPayment(
            new MerchantId(1), token, token, new Rials(10_000), new Uri("https://site.com/verify"), null, Start, Start + Clocks.PageLifetime));
        switch (goal)
        {
            case PaymentStatus.Created:
                return;
            case PaymentStatus.Cancelled:
                await Move(books, payment, payment.Cancel("browser", Start));
                return;
            case PaymentStatus.Expired:
                await Move(books, payment, payment.Expire(payment.PageExpiresAt), at: payment.PageExpiresAt);
                return;
        }

        var stan = payment.Id.Value.ToString("000000", System.Globalization.CultureInfo.InvariantCulture);
        var authorization = new Authorization(
            payment.Id, 1, stan, "600108" + stan, Start, new Terminal("00000001", "000000000000001", "5999"), payment.Amount, "5022-29**-****-7122")
        {
            CardHash = "hash",
            SealedCard = [0, 0, 0, 1, 1],
        };
        payment = await Move(books, payment, payment.BeginAuthorization(authorization, "browser", Clocks, Start), authorization);
        if (goal is PaymentStatus.Authorizing)
        {
            return;
        }

        AuthorizationOutcome outcome = goal is PaymentStatus.Failed ? new AuthorizationOutcome.Declined(116)
            : goal is PaymentStatus.Reversing || cause is ReversalCause.OutcomeUnknown ? new AuthorizationOutcome.Unknown("no answer")
            : new AuthorizationOutcome.Approved(0, null);
        authorization = authorization.With(outcome);
        payment = await Move(books, payment, payment.CompleteAuthorization(outcome, Clocks, Start), authorization);
        if (goal is PaymentStatus.Verified)
        {
            await Move(books, payment, payment.Verify(Start), keepCardUntil: Start + TimeSpan.FromDays(30));
        }
        else if (goal is PaymentStatus.Reversed)
        {
            if (payment.Status is PaymentStatus.Authorized)
            {
                payment = cause is ReversalCause.Merchant
                    ? await Move(books, payment, payment.ReverseByMerchant(Start))
                    : await Move(books, payment, payment.ReturnUnverified(payment.VerifyDeadline!.Value), at: payment.VerifyDeadline);
            }

            var later = Start + TimeSpan.FromHours(1);
            await Move(books, payment, payment.ConfirmReversal(later), authorization with { Status = AuthorizationStatus.Reversed }, later);
        }
    }

    private static async Task<Payment> Move(
        SelfTestBooks books, Payment before, Result<Payment> move, Authorization? authorization = null, DateTimeOffset? at = null,
        DateTimeOffset? keepCardUntil = null)
    {
        if (move.Refused(out var refusal, out var after)
            || await books.Apply(new PaymentChange(before, after, "self-test", at ?? Start) { Authorization = authorization, KeepCardUntil = keepCardUntil })
                is not ApplyResult.Applied)
        {
            throw new InvalidOperationException($"The self-test could not move a payment from {before.Status}: {refusal?.Name}");
        }

        return after;
    }
}
