using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Ledger;
using CanPay.Gateway.Payments;
using static CanPay.Tests.Payments.SomePayment;

namespace CanPay.Tests.Payments;

/// <summary>What each move writes, at which instant, and which money it moves.</summary>
public sealed class PaymentValueTests
{
    private static readonly DateTimeOffset Now = Start.AddMinutes(3);

    private static readonly Payment Worked = InStatus(PaymentStatus.Created) with { Version = 7, JobAttempts = 4, JobRefusals = 2 };

    [Fact]
    public void Beginning_binds_the_browser_and_names_the_authorization()
    {
        var created = Worked with { DeclineCode = 116, Declines = 1, Authorizations = 1 };
        var authorization = AnAuthorization(created);

        Assert.Equal(
            created with
            {
                Status = PaymentStatus.Authorizing,
                Version = 8,
                JobAttempts = 0,
                JobRefusals = 0,
                BrowserHash = "b1",
                Authorizations = 2,
                CardMask = "5022-29**-****-7122",
                Rrn = authorization.Rrn,
                DeclineCode = null,
                DueAt = Now.AddSeconds(40),
            },
            Taken(created.BeginAuthorization(authorization, "b1", Clocks, Now)));
    }

    [Fact]
    public void Each_answer_of_the_network_writes_what_it_means()
    {
        var authorizing = Worked with { Status = PaymentStatus.Authorizing, Declines = 3 };
        var moved = authorizing with { Version = 8, JobAttempts = 0, JobRefusals = 0 };

        Assert.Equal(
            moved with { Status = PaymentStatus.Authorized, AuthorizedAt = Now, VerifyDeadline = Now.AddMinutes(15), DueAt = Now.AddMinutes(15) },
            Taken(authorizing.CompleteAuthorization(Approval, Clocks, Now)));
        Assert.Equal(
            moved with { Status = PaymentStatus.Created, Declines = 4, DeclineCode = 116, DueAt = authorizing.PageExpiresAt },
            Taken(authorizing.CompleteAuthorization(Decline, Clocks, Now)));
        Assert.Equal(
            moved with { Status = PaymentStatus.Failed, Declines = 5, DeclineCode = 116, DueAt = null, EndedAt = Now },
            Taken((authorizing with { Declines = 4 }).CompleteAuthorization(Decline, Clocks, Now)));
        Assert.Equal(
            moved with { Status = PaymentStatus.Created, DueAt = authorizing.PageExpiresAt },
            Taken(authorizing.CompleteAuthorization(NotSent, Clocks, Now)));
        Assert.Equal(
            moved with { Status = PaymentStatus.Reversing, ReversalCause = ReversalCause.OutcomeUnknown, DueAt = Now },
            Taken(authorizing.CompleteAuthorization(Silence, Clocks, Now)));
    }

    [Fact]
    public void Each_way_to_an_end_writes_when_and_why()
    {
        var authorized = Worked with { Status = PaymentStatus.Authorized, VerifyDeadline = Now.AddMinutes(1) };
        var moved = authorized with { Version = 8, JobAttempts = 0, JobRefusals = 0 };
        var late = Now.AddMinutes(1);

        Assert.Equal(
            moved with { Status = PaymentStatus.Verified, VerifiedAt = Now, EndedAt = Now, DueAt = null },
            Taken(authorized.Verify(Now)));
        Assert.Equal(
            moved with { Status = PaymentStatus.Reversing, ReversalCause = ReversalCause.NotVerified, DueAt = late },
            Taken(authorized.ReturnUnverified(late)));
        Assert.Equal(
            moved with { Status = PaymentStatus.Reversing, ReversalCause = ReversalCause.Merchant, DueAt = Now },
            Taken(authorized.ReverseByMerchant(Now)));
        Assert.Equal(
            moved with { Status = PaymentStatus.Reversed, EndedAt = Now, DueAt = null },
            Taken((authorized with { Status = PaymentStatus.Reversing }).ConfirmReversal(Now)));
        Assert.Equal(
            moved with { Status = PaymentStatus.Cancelled, BrowserHash = "b2", EndedAt = Now, DueAt = null },
            Taken((authorized with { Status = PaymentStatus.Created }).Cancel("b2", Now)));
        Assert.Equal(
            moved with { Status = PaymentStatus.Expired, EndedAt = authorized.PageExpiresAt, DueAt = null },
            Taken((authorized with { Status = PaymentStatus.Created }).Expire(authorized.PageExpiresAt)));
    }

    [Fact]
    public void Each_refusal_says_where_the_payment_stands()
    {
        Assert.Equal(
            [
                PaymentRefusals.NotPaid, PaymentRefusals.InProgress, PaymentRefusals.InProgress, PaymentRefusals.InProgress, PaymentRefusals.Returned,
                PaymentRefusals.Returned, PaymentRefusals.Cancelled, PaymentRefusals.Failed, PaymentRefusals.Expired,
            ],
            Enum.GetValues<PaymentStatus>().Select(PaymentRefusals.NotAllowed));
        Assert.Equal(PaymentRefusals.InProgress, Refusal(InStatus(PaymentStatus.Authorized).Expire(Start)));
        Assert.Equal(PaymentRefusals.NotPaid, Refusal(InStatus(PaymentStatus.Created).Expire(Start)));
        Assert.Equal(PaymentRefusals.NotPaid, Refusal(InStatus(PaymentStatus.Created).Verify(Later)));
        Assert.Equal(PaymentRefusals.Returned, Refusal(InStatus(PaymentStatus.Authorized).Verify(Later)));
        Assert.Equal(PaymentRefusals.Cancelled, Refusal(InStatus(PaymentStatus.Cancelled).BeginAuthorization(AnAuthorization(Worked), "b1", Clocks, Later)));
    }

    [Fact]
    public void A_page_is_open_until_its_time_and_not_at_that_instant()
    {
        var created = InStatus(PaymentStatus.Created);
        var last = created.PageExpiresAt.AddMilliseconds(-1);

        Assert.Null(created.MayNotBePaid("b1", last));
        Assert.Equal(PaymentRefusals.Expired, created.MayNotBePaid("b1", created.PageExpiresAt));
        Assert.True(created.Expire(last).Refused(out _, out _));
        Assert.False(created.Expire(created.PageExpiresAt).Refused(out _, out _));
    }

    [Fact]
    public void A_browser_that_is_bound_goes_on_and_cancels_again_though_another_may_not()
    {
        var cancelled = InStatus(PaymentStatus.Cancelled);

        Assert.Equal(cancelled, Taken(cancelled.Cancel(SomePayment.Browser, Later)));
        Assert.Equal(PaymentRefusals.AnotherBrowser, Refusal(cancelled.Cancel("other", Later)));
        Assert.Null((Worked with { BrowserHash = "b1" }).MayNotBePaid("b1", Start));
    }

    [Fact]
    public void What_went_back_by_itself_is_not_given_back_by_the_merchant()
    {
        var reversed = InStatus(PaymentStatus.Reversed);

        Assert.Equal(PaymentRefusals.Returned, Refusal(reversed.ReverseByMerchant(Start)));
        Assert.Equal(PaymentRefusals.Cancelled, Refusal((InStatus(PaymentStatus.Cancelled) with { ReversalCause = ReversalCause.Merchant }).ReverseByMerchant(Start)));
    }

    [Theory]
    [InlineData(PaymentStatus.Created, false, false)]
    [InlineData(PaymentStatus.Authorizing, false, false)]
    [InlineData(PaymentStatus.Authorized, true, false)]
    [InlineData(PaymentStatus.Verified, true, true)]
    [InlineData(PaymentStatus.Reversing, false, false)]
    [InlineData(PaymentStatus.Reversed, false, true)]
    [InlineData(PaymentStatus.Cancelled, false, true)]
    [InlineData(PaymentStatus.Failed, false, true)]
    [InlineData(PaymentStatus.Expired, false, true)]
    public void A_status_says_whether_it_is_paid_and_final_and_what_the_clock_does(PaymentStatus status, bool isPaid, bool isFinal)
    {
        var payment = InStatus(status) with { VerifyDeadline = Later };

        Assert.Equal((isPaid, isFinal), (payment.IsPaid, payment.IsFinal));
        Assert.Equal(
            status switch { PaymentStatus.Created => payment.PageExpiresAt, PaymentStatus.Authorized => Later, _ => (DateTimeOffset?)null },
            payment.NotBefore);
    }

    /// <summary>Every pair of statuses: only these five moves move money.</summary>
    [Fact]
    public void These_moves_move_money_and_no_others()
    {
        var posted = Enum.GetValues<PaymentStatus>().SelectMany(from => Enum.GetValues<PaymentStatus>(), (from, to) => (from, to))
            .SelectMany(
                move => (ReversalCause?[])[null, ReversalCause.OutcomeUnknown, ReversalCause.NotVerified, ReversalCause.Merchant],
                (move, cause) => (move.from, move.to, cause))
            .SelectMany(move => PaymentTransfers.For(
                Worked with { Status = move.from },
                Worked with { Status = move.to, ReversalCause = move.cause }).Select(transfer => (move, transfer)))
            .Select(posting => $"{posting.move.from} {posting.move.to} {posting.move.cause}: {Shown(posting.transfer)}");

        Assert.Equal(
            new (string Move, ReversalCause?[] Causes, string Transfer)[]
            {
                ("Authorizing Authorized", [null, ReversalCause.OutcomeUnknown, ReversalCause.NotVerified, ReversalCause.Merchant],
                    "1:approval acquirer.receivable payer.unverified 10000"),
                ("Authorizing Reversing", [null, ReversalCause.OutcomeUnknown, ReversalCause.NotVerified, ReversalCause.Merchant],
                    "1:doubt acquirer.unconfirmed payer.unconfirmed 10000"),
                ("Authorized Verified", [null, ReversalCause.OutcomeUnknown, ReversalCause.NotVerified, ReversalCause.Merchant],
                    "1:verification payer.unverified merchant.payable:1 10000"),
                ("Authorized Reversing", [null, ReversalCause.OutcomeUnknown, ReversalCause.NotVerified, ReversalCause.Merchant],
                    "1:return payer.unverified payer.returning 10000"),
                ("Reversing Reversed", [ReversalCause.OutcomeUnknown],
                    "1:doubt_resolved payer.unconfirmed acquirer.unconfirmed 10000"),
                ("Reversing Reversed", [null, ReversalCause.NotVerified, ReversalCause.Merchant],
                    "1:reversal payer.returning acquirer.receivable 10000"),
            }.SelectMany(row => row.Causes, (row, cause) => $"{row.Move} {cause}: {row.Transfer}").Order(StringComparer.Ordinal),
            posted.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_test_merchants_try_out_stands_in_books_of_its_own()
    {
        var payment = Worked with { Token = PaymentToken.New(Start, isTest: true), Status = PaymentStatus.Authorized };

        var transfer = Assert.Single(PaymentTransfers.For(payment, payment with { Status = PaymentStatus.Verified }));

        Assert.True(payment.IsTest);
        Assert.False(Worked.IsTest);
        Assert.Equal("1:verification test.payer.unverified test.merchant.payable:1 10000", Shown(transfer));
        Assert.Equal(("verification", new PaymentId(1)), (transfer.Template, transfer.PaymentId));
    }

    [Fact]
    public void An_authorization_keeps_what_the_network_said()
    {
        var asked = AnAuthorization(Worked);

        Assert.Equal(asked with { Status = AuthorizationStatus.Approved, ActionCode = 0, ApprovalCode = "123456" }, asked.With(Approval));
        Assert.Equal(asked with { Status = AuthorizationStatus.Declined, ActionCode = 116 }, asked.With(Decline));
        Assert.Equal(asked with { Status = AuthorizationStatus.Unknown, Note = "no answer" }, asked.With(Silence));
        Assert.Equal(asked with { Status = AuthorizationStatus.NotSent, Note = "signed off" }, asked.With(NotSent));
        Assert.Equal(AuthorizationStatus.Pending, asked.Status);
        Assert.True(new Terminal("TEST0001", "1", "5999").IsTest);
        Assert.False(new Terminal("0000TEST", "1", "5999").IsTest);
    }

    private static string Shown(Transfer transfer) => $"{transfer.Reference} {transfer.Debit} {transfer.Credit} {transfer.Amount}";

    private static Refusal Refusal(Result<Payment> move) => move.Refused(out var refusal, out _) ? refusal : throw new InvalidOperationException("taken");
}
