using System.Text.Json;
using CanPay.Gateway.Operations;
using CanPay.Gateway.Storage;
using CanPay.Gateway.Storage.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Simulation;

/// <summary>
/// When a seed is over: is every payment final, and do the three books agree, ours, the network's and the merchants'? The doctor
/// is asked as well, but what it asks is asked here again by other means.
/// </summary>
internal sealed class Checker(World world, Installation installation)
{
    /// <summary>The doctor's questions take as long as a fifth of a seed: every so manieth is asked.</summary>
    private const ulong DoctorsSeed = 4;

    private readonly List<string> _violations = [];

    /// <summary>What the network has taken and not given back, by RRN.</summary>
    private readonly ILookup<string, Purchase> _standing = world.Issuers.Purchases.Where(purchase => purchase.Stands).ToLookup(purchase => purchase.Rrn);

    /// <summary>Nothing is under way any more.</summary>
    public static bool IsQuiet(Books books) => books.Read(session => session.Number(
        $"""
        SELECT NOT EXISTS (SELECT 1 FROM open_payments) AND NOT EXISTS (SELECT 1 FROM refunds WHERE status = 'Sending')
            AND NOT EXISTS (SELECT 1 FROM webhook_deliveries WHERE status = 'Pending')
        """)) != 0;

    /// <summary>Each with the payment that it is of, where it is of one.</summary>
    public IReadOnlyList<string> Violations()
    {
        foreach (var defect in world.Defects.Distinct())
        {
            Violated(0, defect);
        }

        using var books = installation.OpenBooks();
        var payments = books.Payments.AsNoTracking().ToDictionary(payment => payment.Id);
        var authorizations = books.Authorizations.AsNoTracking().ToLookup(authorization => authorization.PaymentId);
        var byToken = payments.Values.ToDictionary(payment => payment.Token, StringComparer.Ordinal);
        var refunds = books.Set<RefundRow>().AsNoTracking().ToLookup(refund => refund.PaymentId);
        foreach (var original in world.Issuers.ReversedUnderSeveralTraces)
        {
            Violated(0, $"a purchase was reversed under several trace numbers: {original}");
        }

        foreach (var payment in payments.Values)
        {
            CheckEnd(payment);
            CheckNetwork(payment, [.. authorizations[payment.Id]]);
        }

        CheckUnknownMoney(authorizations.SelectMany(all => all).Select(authorization => authorization.Rrn).ToHashSet(StringComparer.Ordinal));
        CheckRefunds(refunds);
        foreach (var story in world.Stories)
        {
            CheckMerchant(story, byToken.GetValueOrDefault(story.Token), refunds);
        }

        CheckEvents(books, payments);
        if (world.Seed % DoctorsSeed == 0 || world.Bug != PlantedBug.None)
        {
            AskDoctor(books);
        }

        return _violations;
    }

    private void CheckEnd(PaymentRow payment)
    {
        if (payment.Status is "Created" or "Authorizing" or "Authorized" or "Reversing")
        {
            Violated(payment.Id, $"never final: {payment.Status}");
        }
    }

    /// <summary>What a verified payment took the network took once; of any other it has kept nothing.</summary>
    private void CheckNetwork(PaymentRow payment, IReadOnlyList<AuthorizationRow> authorizations)
    {
        var standing = authorizations.SelectMany(authorization => _standing[authorization.Rrn]).ToList();
        if (payment.Status == "Verified" ? standing is not [{ } one] || one.Amount != payment.AmountRials : standing.Count > 0)
        {
            Violated(payment.Id, $"{payment.Status} here, and the network has taken {string.Join(" and ", standing.Select(purchase => purchase.Amount))}");
        }
    }

    private void CheckUnknownMoney(HashSet<string> ours)
    {
        foreach (var purchase in _standing.SelectMany(all => all).Where(purchase => !ours.Contains(purchase.Rrn)))
        {
            Violated(0, $"the network took {purchase.Amount} for RRN {purchase.Rrn}, of which we know nothing");
        }
    }

    private void CheckRefunds(ILookup<long, RefundRow> refunds)
    {
        var credits = world.Issuers.Credits.Where(credit => credit.Code == 0).ToLookup(credit => credit.Rrn, StringComparer.Ordinal);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var refund in refunds.SelectMany(all => all).Where(refund => refund.Rrn is not null))
        {
            known.Add(refund.Rrn!);
            var credited = credits[refund.Rrn!].Sum(credit => credit.Amount);
            if (credited != (refund.Status == "Succeeded" ? refund.AmountRials : 0))
            {
                Violated(refund.PaymentId, $"refund {refund.RefundId} is {refund.Status}, and the network gave back {credited}");
            }
        }

        foreach (var credit in credits.SelectMany(all => all).Where(credit => !known.Contains(credit.Rrn)))
        {
            Violated(0, $"the network gave back {credit.Amount} for RRN {credit.Rrn}, of which we know nothing");
        }
    }

    /// <summary>Whatever a merchant was told once is true for ever, and was told only once as new.</summary>
    private void CheckMerchant(Story story, PaymentRow? payment, ILookup<long, RefundRow> refunds)
    {
        if (story.Token.Length > 0 && payment is null)
        {
            Violated(0, $"the merchant was given the token {story.Token}, and there is no such payment");
            return;
        }

        foreach (var told in story.Told)
        {
            var isTrue = told.What switch
            {
                Answer.Verified => payment!.Status == "Verified" && payment.Rrn == told.Reference,
                Answer.AlreadyVerified => payment!.Status == "Verified",
                Answer.Returned => payment!.Status is "Reversed" or "Reversing" && payment.ReversalCause is not null,
                Answer.Reversed => payment!.Status is "Reversed" or "Reversing" && payment.ReversalCause == "Merchant",
                Answer.RefundSucceeded => refunds[payment!.Id].Any(refund => refund.RefundId == told.Reference && refund.Status == "Succeeded"),
                Answer.RefundFailed => refunds[payment!.Id].Any(refund => refund.RefundId == told.Reference && refund.Status == "Failed"),
            };
            if (!isTrue)
            {
                Violated(payment!.Id, $"the merchant was told {told.What} ({told.Text}), and it is {payment.Status} ({payment.ReversalCause})");
            }
        }

        foreach (var answers in story.Told.Where(told => told.IsFirst).GroupBy(told => told.What))
        {
            // Under a key the same answer is told again, byte for byte; without one it is new once.
            if (answers.Where(told => told.Key is null).Skip(1).Any() || answers.Select(told => told.Text).Distinct().Skip(1).Any())
            {
                Violated(payment!.Id, $"the merchant was told {answers.Key} for the first time more than once");
            }
        }

        foreach (var answers in story.Told.Where(told => told.Key is not null && told.What is Answer.Verified or Answer.Reversed).GroupBy(told => told.Key))
        {
            if (answers.Select(told => told.Text).Distinct().Skip(1).Any())
            {
                Violated(payment!.Id, $"under the key {answers.Key} the merchant was told different things");
            }
        }

        var succeeded = payment is null ? 0 : refunds[payment.Id].Where(refund => refund.Status == "Succeeded").Sum(refund => refund.AmountRials);
        if (succeeded > (payment?.Status == "Verified" ? payment.AmountRials : 0))
        {
            Violated(payment!.Id, $"{succeeded} were refunded of a payment of {payment.AmountRials} that is {payment.Status}");
        }
    }

    /// <summary>The merchant with an endpoint heard of every event, of one payment in their order.</summary>
    private void CheckEvents(CanPayContext books, Dictionary<long, PaymentRow> payments)
    {
        foreach (var told in books.Set<WebhookEventRow>().AsNoTracking().Where(told => told.MerchantId == 1).ToList().GroupBy(told => told.PaymentId))
        {
            var born = told.OrderBy(one => one.Id).Select(one => one.Type).ToList();
            var heard = world.Endpoints.Heard.GetValueOrDefault(payments[told.Key!.Value].Token) ?? [];
            if (!born.SequenceEqual(heard))
            {
                Violated(told.Key.Value, $"the endpoint should have heard {string.Join(", ", born)}, and heard {string.Join(", ", heard)}");
            }
        }

        foreach (var payment in payments.Values.Where(payment => payment is { MerchantId: 1, Status: "Verified" }))
        {
            if (world.Endpoints.Heard.GetValueOrDefault(payment.Token) is not { } heard || !heard.Contains("payment.verified"))
            {
                Violated(payment.Id, "verified, and its endpoint never heard of it");
            }
        }
    }

    private void AskDoctor(CanPayContext books)
    {
        var engine = new SqliteEngine(installation.BooksFile);
        var connections = engine.OpenSnapshots(1, CancellationToken.None).GetAwaiter().GetResult();
        using var connection = connections[0];
        var findings = Doctor.Examine(connections, engine, installation.Schema, atRest: true, world.Timeline.Now, CancellationToken.None)
            .GetAwaiter().GetResult().ToList();
        var journal = installation.BooksFile + ".network.json";
        File.WriteAllText(journal, JsonSerializer.Serialize(world.Issuers.Journal()));
        if (NetworkJournal.Compare(books, journal, CancellationToken.None).GetAwaiter().GetResult() is { } difference)
        {
            findings.Add(difference);
        }

        foreach (var finding in findings)
        {
            Violated(0, $"doctor: {finding.Invariant}: {finding.Count}, for example {(finding.Examples.Count > 0 ? finding.Examples[0] : "")}");
        }
    }

    private void Violated(long payment, string what) => _violations.Add(payment == 0 ? what : $"payment {payment}: {what}");
}
