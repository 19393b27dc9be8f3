using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Ledger;
using CanPay.Gateway.Refunds;
using static CanPay.Tests.Payments.SomePayment;
using static CanPay.Tests.Refunds.SomeRefund;

namespace CanPay.Tests.Refunds;

/// <summary>What each move of a refund writes, and which money it moves.</summary>
public sealed class RefundValueTests
{
    private static readonly DateTimeOffset Now = Start.AddMinutes(3);

    private static readonly Refund Sent = Sending with { Version = 7, JobAttempts = 4, JobRefusals = 2 };

    private static readonly Refund Ended = Sent with { Version = 8, JobAttempts = 0, JobRefusals = 0, EndedAt = Now, DueAt = null };

    [Fact]
    public void It_begins_with_the_network_or_with_an_operator()
    {
        var asked = Pending with { Status = RefundStatus.Failed, Way = RefundWay.Card };
        var advice = new RefundAdvice("000001", "632890000001", Start);

        Assert.Equal(asked with { Status = RefundStatus.Pending, Way = RefundWay.Bank }, asked.Begun(null));
        Assert.Equal(
            asked with { Status = RefundStatus.Sending, Way = RefundWay.Card, Advice = advice, DueAt = asked.CreatedAt },
            (asked with { Way = RefundWay.Bank }).Begun(advice));
    }

    [Fact]
    public void Each_end_says_when_and_how()
    {
        var aside = Sent with { DueAt = null };

        Assert.Equal(Ended with { Status = RefundStatus.Succeeded, ActionCode = 913 }, SomeRefund.Taken(Sent.Acknowledge(913, Now)));
        Assert.Equal(
            Ended with { Status = RefundStatus.Failed, ActionCode = 57, Failure = "declined_by_issuer 057" },
            SomeRefund.Taken(Sent.Decline(57, Now)));
        Assert.Equal(Ended with { Status = RefundStatus.Succeeded, BankReference = "paya-1" }, SomeRefund.Taken(aside.Paid("paya-1", Now)));
        Assert.Equal(Ended with { Status = RefundStatus.Failed, Failure = "closed" }, SomeRefund.Taken(aside.NotPaid("closed", Now)));
    }

    [Fact]
    public void An_operators_word_counts_where_nobody_else_looks_after_it()
    {
        Assert.Equal(
            [true, true, false, false, false],
            [Pending.WaitsForOperator, (Sent with { DueAt = null }).WaitsForOperator, Sent.WaitsForOperator, (Ended with { Status = RefundStatus.Succeeded }).WaitsForOperator, (Ended with { Status = RefundStatus.Failed }).WaitsForOperator]);
        Assert.Equal(
            [false, false, true, true],
            Enum.GetValues<RefundStatus>().Select(status => (Sent with { Status = status }).IsFinal));
    }

    [Fact]
    public void Money_leaves_what_the_merchant_is_owed_at_once_and_goes_one_way_in_the_end()
    {
        Assert.Equal("1:refund:1:request refund_request merchant.payable:1 payer.refunding 4000", Shown(RefundTransfers.Request(Sent)));
        Assert.Equal(
            [
                "Pending Card: ", "Pending Bank: ", "Sending Card: ", "Sending Bank: ",
                "Succeeded Card: 1:refund:1:card refund_card payer.refunding acquirer.receivable 4000",
                "Succeeded Bank: 1:refund:1:bank refund_bank payer.refunding bank.payable 4000",
                "Failed Card: 1:refund:1:failed refund_failed payer.refunding merchant.payable:1 4000",
                "Failed Bank: 1:refund:1:failed refund_failed payer.refunding merchant.payable:1 4000",
            ],
            Enum.GetValues<RefundStatus>().SelectMany(_ => Enum.GetValues<RefundWay>(), (status, way) => (status, way))
                .Select(end => $"{end.status} {end.way}: {Shown(RefundTransfers.End(Sent with { Status = end.status, Way = end.way }))}"));
    }

    [Fact]
    public void What_test_merchants_refund_stands_in_books_of_its_own() => Assert.Equal(
        "1:refund:1:request refund_request test.merchant.payable:1 test.payer.refunding 4000",
        Shown(RefundTransfers.Request(Sent with { IsTest = true })));

    private static string Shown(Transfer? transfer) => transfer is null
        ? ""
        : $"{transfer.Reference} {transfer.Template} {transfer.Debit} {transfer.Credit} {transfer.Amount}";
}
