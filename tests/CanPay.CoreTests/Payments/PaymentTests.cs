using System.Globalization;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Ledger;
using CanPay.Gateway.Payments;
using CsCheck;
using static CanPay.Tests.Payments.SomePayment;

namespace CanPay.Tests.Payments;

public sealed class PaymentTests
{
    /// <summary>Each move at a time when nothing but the status can refuse it.</summary>
    private static readonly Dictionary<string, Func<Payment, Result<Payment>>> Moves = new(StringComparer.Ordinal)
    {
        ["begin"] = payment => payment.BeginAuthorization(AnAuthorization(payment), SomePayment.Browser, Clocks, Start),
        ["approve"] = payment => payment.CompleteAuthorization(Approval, Clocks, Start),
        ["decline"] = payment => payment.CompleteAuthorization(Decline, Clocks, Start),
        ["5th decline"] = payment => (payment with { Declines = 4 }).CompleteAuthorization(Decline, Clocks, Start),
        ["not sent"] = payment => payment.CompleteAuthorization(NotSent, Clocks, Start),
        ["silence"] = payment => payment.CompleteAuthorization(Silence, Clocks, Start),
        ["verify"] = payment => payment.Verify(Start),
        ["give back"] = payment => payment.ReverseByMerchant(Start),
        ["return"] = payment => payment.ReturnUnverified(Later),
        ["reversed"] = payment => payment.ConfirmReversal(Later),
        ["cancel"] = payment => payment.Cancel(SomePayment.Browser, Start),
        ["expire"] = payment => payment.Expire(Later),
    };

    /// <summary>Every move from every status: where it leads, "=" for nowhere, "-" for refused.</summary>
    [Fact]
    public void The_life_of_a_payment() => Assert.Equal(
        """
                    Created     Authorizing Authorized  Verified    Reversing   Reversed    Cancelled   Failed      Expired
        begin       Authorizing -           -           -           -           -           -           -           -
        approve     -           Authorized  -           -           -           -           -           -           -
        decline     -           Created     -           -           -           -           -           -           -
        5th decline -           Failed      -           -           -           -           -           -           -
        not sent    -           Created     -           -           -           -           -           -           -
        silence     -           Reversing   -           -           -           -           -           -           -
        verify      -           -           Verified    =           -           -           -           -           -
        give back   -           -           Reversing   -           -           -           -           -           -
        return      -           -           Reversing   -           -           -           -           -           -
        reversed    -           -           -           -           Reversed    =           -           -           -
        cancel      Cancelled   -           -           -           -           -           =           -           -
        expire      Expired     -           -           -           -           -           -           -           -
        """,
        Picture());

    [Fact]
    public void A_final_payment_goes_nowhere()
    {
        foreach (var payment in Enum.GetValues<PaymentStatus>().Select(InStatus))
        {
            var stuck = Moves.Values.All(move => move(payment).Refused(out _, out var next) || next == payment);

            Assert.Equal(payment.IsFinal, stuck);
        }
    }

    [Fact]
    public void Somebody_looks_after_every_payment_until_it_is_final()
    {
        foreach (var payment in Enum.GetValues<PaymentStatus>().Select(InStatus))
        {
            Assert.Equal(payment.IsFinal, payment.DueAt is null);
            Assert.Equal(payment.IsFinal, payment.EndedAt is not null);
        }
    }

    [Fact]
    public void What_the_merchant_gave_back_stays_given_back_and_what_went_back_otherwise_is_not_its_doing()
    {
        var given = Taken(InStatus(PaymentStatus.Authorized).ReverseByMerchant(Start));
        var gone = Taken(given.ConfirmReversal(Start));

        Assert.Equal(ReversalCause.Merchant, given.ReversalCause);
        Assert.Equal(given, Taken(given.ReverseByMerchant(Later)));
        Assert.Equal(gone, Taken(gone.ReverseByMerchant(Later)));
        Assert.True(given.Verify(Start).Refused(out var verifying, out _));
        Assert.True(InStatus(PaymentStatus.Verified).ReverseByMerchant(Start).Refused(out var late, out _));
        Assert.True(InStatus(PaymentStatus.Reversing).ReverseByMerchant(Start).Refused(out var doubt, out _));
        Assert.Equal((PaymentRefusals.Returned, PaymentRefusals.AlreadyVerified, PaymentRefusals.Returned), (verifying, late, doubt));
    }

    [Fact]
    public void Verify_and_return_never_both_accept_an_instant()
    {
        var authorized = InStatus(PaymentStatus.Authorized);
        var deadline = authorized.VerifyDeadline!.Value;
        foreach (var now in new[] { deadline.AddMilliseconds(-1), deadline, deadline.AddMilliseconds(1) })
        {
            var verified = !authorized.Verify(now).Refused(out _, out _);
            var returned = !authorized.ReturnUnverified(now).Refused(out _, out _);

            Assert.True(verified ^ returned);
            Assert.Equal(now < deadline, verified);
        }
    }

    [Fact]
    public void The_verify_window_runs_from_the_approval()
    {
        var approvedAt = Start.AddMinutes(14);

        var authorized = Taken(InStatus(PaymentStatus.Authorizing).CompleteAuthorization(Approval, Clocks, approvedAt));

        Assert.Equal(approvedAt + Clocks.VerifyWindow, authorized.VerifyDeadline);
        Assert.Equal(authorized.VerifyDeadline, authorized.DueAt);
    }

    [Fact]
    public void A_payment_whose_page_time_is_over_is_not_begun()
    {
        var created = InStatus(PaymentStatus.Created);

        Assert.True(created.BeginAuthorization(AnAuthorization(created), SomePayment.Browser, Clocks, created.PageExpiresAt)
            .Refused(out var refusal, out _));
        Assert.Equal(PaymentRefusals.Expired, refusal);
    }

    [Fact]
    public void Another_browser_neither_pays_nor_cancels_what_this_one_began()
    {
        var declinedOnce = Taken(InStatus(PaymentStatus.Authorizing).CompleteAuthorization(Decline, Clocks, Start));

        Assert.True(declinedOnce.BeginAuthorization(AnAuthorization(declinedOnce), "other", Clocks, Start).Refused(out var paying, out _));
        Assert.True(declinedOnce.Cancel("other", Start).Refused(out var cancelling, out _));
        Assert.Equal(PaymentRefusals.AnotherBrowser, paying);
        Assert.Equal(PaymentRefusals.AnotherBrowser, cancelling);
    }

    [Fact]
    public void What_could_not_be_sent_does_not_count_as_a_decline()
    {
        var again = Taken(InStatus(PaymentStatus.Authorizing).CompleteAuthorization(NotSent, Clocks, Start));

        Assert.Equal(0, again.Declines);
        Assert.Null(again.DeclineCode);
    }

    /// <summary>Along any path: no account of ours but the merchant's and the acquirer's keeps anything in the end.</summary>
    [Fact]
    public void On_every_path_the_clearing_accounts_return_to_zero() => Gen.Int[0, Moves.Count - 1].Array[0, 30].Sample(choices =>
    {
        var payment = InStatus(PaymentStatus.Created);
        var balances = new Dictionary<string, long>(StringComparer.Ordinal);
        var references = new HashSet<string>(StringComparer.Ordinal);
        foreach (var choice in choices)
        {
            if (Moves.Values.ElementAt(choice)(payment).Refused(out _, out var next))
            {
                continue;
            }

            foreach (var transfer in PaymentTransfers.For(payment, next))
            {
                Assert.True(references.Add(transfer.Reference), "the same event was posted twice");
                balances[transfer.Debit.Name] = balances.GetValueOrDefault(transfer.Debit.Name) + transfer.Amount.Amount;
                balances[transfer.Credit.Name] = balances.GetValueOrDefault(transfer.Credit.Name) - transfer.Amount.Amount;
            }

            payment = next;
        }

        Assert.Equal(0, balances.Values.Sum());
        var held = payment.Status is PaymentStatus.Verified ? payment.Amount.Amount : 0;
        if (payment.IsFinal)
        {
            Assert.Equal(held, balances.GetValueOrDefault(Account.AcquirerReceivable.Name));
            Assert.Equal(-held, balances.GetValueOrDefault(Account.MerchantPayable(payment.MerchantId).Name));
            Assert.Equal(0, balances.GetValueOrDefault(Account.PayerUnverified.Name));
            Assert.Equal(0, balances.GetValueOrDefault(Account.PayerReturning.Name));
            Assert.Equal(0, balances.GetValueOrDefault(Account.PayerUnconfirmed.Name));
            Assert.Equal(0, balances.GetValueOrDefault(Account.AcquirerUnconfirmed.Name));
        }
    });

    private static string Picture()
    {
        var statuses = Enum.GetValues<PaymentStatus>();
        var lines = new List<string> { Line("", statuses.Select(status => status.ToString())) };
        lines.AddRange(Moves.Select(move => Line(move.Key, statuses.Select(status => Outcome(move.Value, InStatus(status))))));
        return string.Join('\n', lines);
    }

    private static string Outcome(Func<Payment, Result<Payment>> move, Payment payment) =>
        move(payment).Refused(out _, out var next) ? "-"
        : next == payment ? "="
        : next.Status.ToString();

    private static string Line(string head, IEnumerable<string> cells) =>
        string.Create(CultureInfo.InvariantCulture, $"{head,-12}{string.Concat(cells.Select(cell => cell.PadRight(12)))}").TrimEnd();
}
