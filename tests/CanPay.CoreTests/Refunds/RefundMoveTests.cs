using System.Globalization;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Ledger;
using CanPay.Gateway.Refunds;
using CsCheck;
using static CanPay.Tests.Payments.SomePayment;
using static CanPay.Tests.Refunds.SomeRefund;

namespace CanPay.Tests.Refunds;

public sealed class RefundMoveTests
{
    private static readonly Dictionary<string, Func<Refund, Result<Refund>>> Moves = new(StringComparer.Ordinal)
    {
        ["acknowledge"] = refund => refund.Acknowledge(0, Start),
        ["decline"] = refund => refund.Decline(100, Start),
        ["paid"] = refund => refund.Paid("paya-1", Start),
        ["failed"] = refund => refund.NotPaid("the account is closed", Start),
    };

    private static readonly (string Name, Refund Refund)[] States =
    [
        ("pending", Pending),
        ("sending", Sending),
        ("put aside", Sending with { DueAt = null }),
        ("succeeded", SomeRefund.Taken(Sending.Acknowledge(0, Start))),
        ("failed", SomeRefund.Taken(Sending.Decline(100, Start))),
    ];

    /// <summary>Every move from every state: where it leads, "=" for nowhere, "-" for refused.</summary>
    [Fact]
    public void The_life_of_a_refund() => Assert.Equal(
        """
                    pending     sending     put aside   succeeded   failed
        acknowledge -           Succeeded   Succeeded   =           -
        decline     -           Failed      Failed      -           -
        paid        Succeeded   -           Succeeded   -           -
        failed      Failed      -           Failed      -           -
        """,
        Picture());

    [Fact]
    public void Somebody_looks_after_every_refund_until_it_is_over() => Assert.All(States, state =>
    {
        Assert.Equal(state.Refund.IsFinal, state.Refund.EndedAt is not null);
        Assert.True(state.Refund.IsFinal || state.Refund.DueAt is not null || state.Refund.WaitsForOperator);
    });

    [Fact]
    public void An_operator_hears_why_a_refund_is_not_open()
    {
        Assert.True(Sending.Paid("x", Start).Refused(out var refusal, out _));
        Assert.Equal("refund_not_open", refusal.Name);
    }

    /// <summary>Along any path the clearing account is empty in the end, and the money is with exactly one party.</summary>
    [Fact]
    public void On_every_path_the_money_is_with_one_party_in_the_end() => Gen.Select(Gen.Bool, Gen.Int[0, Moves.Count - 1].Array[0, 12]).Sample((isCard, choices) =>
    {
        var refund = isCard ? Sending : Pending;
        var balances = new Dictionary<string, long>(StringComparer.Ordinal);
        var references = new HashSet<string>(StringComparer.Ordinal);
        Post(RefundTransfers.Request(refund));
        foreach (var choice in choices)
        {
            if (Moves.Values.ElementAt(choice)(refund).Refused(out _, out var next) || next == refund)
            {
                continue;
            }

            refund = next;
            Post(RefundTransfers.End(refund)!);
        }

        Assert.Equal(0, balances.Values.Sum());
        Assert.Equal(refund.IsFinal ? 0 : -refund.Amount.Amount, balances.GetValueOrDefault(Account.PayerRefunding.Name));
        Assert.Equal(refund.Status is RefundStatus.Failed ? 0 : refund.Amount.Amount, balances[Account.MerchantPayable(refund.MerchantId).Name]);
        var to = isCard ? Account.AcquirerReceivable : Account.BankPayable;
        Assert.Equal(refund.Status is RefundStatus.Succeeded ? -refund.Amount.Amount : 0, balances.GetValueOrDefault(to.Name));

        void Post(Transfer transfer)
        {
            Assert.True(references.Add(transfer.Reference), "the same event was posted twice");
            Assert.StartsWith("1:refund:1:", transfer.Reference, StringComparison.Ordinal);
            balances[transfer.Debit.Name] = balances.GetValueOrDefault(transfer.Debit.Name) + transfer.Amount.Amount;
            balances[transfer.Credit.Name] = balances.GetValueOrDefault(transfer.Credit.Name) - transfer.Amount.Amount;
        }
    });

    private static string Picture()
    {
        var lines = new List<string> { Line("", States.Select(state => state.Name)) };
        lines.AddRange(Moves.Select(move => Line(move.Key, States.Select(state => Outcome(move.Value, state.Refund)))));
        return string.Join('\n', lines);
    }

    private static string Outcome(Func<Refund, Result<Refund>> move, Refund refund) =>
        move(refund).Refused(out _, out var next) ? "-" : next == refund ? "=" : next.Status.ToString();

    private static string Line(string head, IEnumerable<string> cells) =>
        string.Create(CultureInfo.InvariantCulture, $"{head,-12}{string.Concat(cells.Select(cell => cell.PadRight(12)))}").TrimEnd();
}
