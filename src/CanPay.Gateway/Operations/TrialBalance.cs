using CanPay.Gateway.Storage;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Gateway.Operations;

/// <summary>What each account was debited and credited, over all transfers.</summary>
internal sealed record TrialBalance(IReadOnlyList<AccountLine> Accounts)
{
    public long DebitRials => Accounts.Sum(line => line.DebitRials);

    public long CreditRials => Accounts.Sum(line => line.CreditRials);

    public bool IsBalanced => DebitRials == CreditRials;

    public static async Task<TrialBalance> Of(CanPayContext books, CancellationToken ct) => new(await books.Database
        .SqlQuery<AccountLine>(
            $"""
            SELECT account AS account, CAST(sum(debit) AS bigint) AS debit_rials, CAST(sum(credit) AS bigint) AS credit_rials
            FROM (SELECT debit_account AS account, amount_rials AS debit, 0 AS credit FROM transfers
                  UNION ALL
                  SELECT credit_account, 0, amount_rials FROM transfers) sides
            GROUP BY account
            ORDER BY account
            """)
        .ToListAsync(ct));
}

internal sealed record AccountLine(string Account, long DebitRials, long CreditRials);
