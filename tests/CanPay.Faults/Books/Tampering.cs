using CanPay.Simulator;

namespace CanPay.Faults.Books;

/// <summary>The comparison itself is put to the test: books that agree are falsified, each time in one place, and it must see it.</summary>
internal static class Tampering
{
    /// <summary>Falsifies a copy; null where these books hold nothing to falsify in this way.</summary>
    private static readonly (string Name, Func<ThreeBooks, ThreeBooks?> Make)[] All =
    [
        ("we forgot a payment", books => WithoutPayment(books, IsVerified)),
        ("we say returned, the merchant was told verified", books => With(books, IsVerified, payment => payment with { Status = "Reversed" })),
        ("we have another reference", books => With(books, IsVerified, payment => payment with { Rrn = "000000000000" })),
        ("we have another amount", books => With(books, IsVerified, payment => payment with { Amount = payment.Amount + 1 })),
        ("we say verified, the network gave it back", books => With(books, payment => payment.Status == "Reversed", payment => payment with { Status = "Verified" })),
        ("a payment has no end", books => With(books, payment => payment.Status == "Reversed", payment => payment with { Status = "Reversing" })),
        ("the network lost a purchase", books => WithoutEntry(books, entry => entry is { Kind: Entry.Purchase, Outcome: Entry.Approved }
            && !books.Network.Any(other => other.Rrn == entry.Rrn && other.Kind == Entry.Reversal))),
        ("the network lost a reversal", books => WithoutEntry(books, entry => entry is { Kind: Entry.Reversal, Outcome: Entry.Reversed }
            && books.Network.Any(other => other.Rrn == entry.Rrn && other is { Kind: Entry.Purchase, Outcome: Entry.Approved }))),
        ("the network charged a payment twice", Twice),
        ("the network charged what nobody asked for", books => books.Network.FirstOrDefault(entry => entry is { Kind: Entry.Purchase, Outcome: Entry.Approved }) is { } entry
            ? books with { Network = [.. books.Network, entry with { Rrn = "000000000001" }] }
            : null),
        ("the network credited a refund of another amount", books => books.Network.FirstOrDefault(entry => entry is { Kind: Entry.Refund, Outcome: Entry.Refunded }) is { } entry
            ? books with { Network = [.. books.Network.Where(other => other != entry), entry with { Amount = entry.Amount + 1 }] }
            : null),
        ("a refund vanished", books => books.Refunds.Count > 0 ? books with { Refunds = [.. books.Refunds.Skip(1)] } : null),
        ("the merchant was told verified of what was returned", books => books.Payments.FirstOrDefault(payment => payment.Status == "Reversed") is { } payment
            ? books with { Merchant = [.. books.Merchant, new Told(News.Verified, payment.Token, payment.Amount, payment.Rrn)] }
            : null),
        ("the merchant was told a second reference", books => books.Merchant.FirstOrDefault(told => told.News is News.Verified) is { } told
            ? books with { Merchant = [.. books.Merchant, told with { Reference = "000000000002" }] }
            : null),
    ];

    /// <returns>How many falsifications there are, and the names of those that were not seen or could not be made.</returns>
    public static (int Count, IReadOnlyList<string> Missed) Try(ThreeBooks books) => (
        All.Length, [.. All.Where(one => one.Make(books) is not { } falsified || falsified.Differences().Count == 0).Select(one => one.Name)]);

    private static bool IsVerified(OurPayment payment) => payment.Status == "Verified";

    private static ThreeBooks? With(ThreeBooks books, Func<OurPayment, bool> which, Func<OurPayment, OurPayment> change) =>
        books.Payments.FirstOrDefault(which) is { } payment
            ? books with { Payments = [.. books.Payments.Where(other => other != payment), change(payment)] }
            : null;

    private static ThreeBooks? WithoutPayment(ThreeBooks books, Func<OurPayment, bool> which) =>
        books.Payments.FirstOrDefault(which) is { } payment ? books with { Payments = [.. books.Payments.Where(other => other != payment)] } : null;

    private static ThreeBooks? WithoutEntry(ThreeBooks books, Func<Entry, bool> which) =>
        books.Network.FirstOrDefault(which) is { } entry ? books with { Network = [.. books.Network.Where(other => other != entry)] } : null;

    private static ThreeBooks? Twice(ThreeBooks books)
    {
        if (books.Payments.FirstOrDefault(IsVerified) is not { } payment
            || books.Network.FirstOrDefault(entry => entry.Rrn == payment.Rrn && entry.Kind == Entry.Purchase) is not { } entry)
        {
            return null;
        }

        var second = payment with { Asked = [.. payment.Asked, "000000000003"] };
        return books with
        {
            Payments = [.. books.Payments.Where(other => other != payment), second],
            Network = [.. books.Network, entry with { Rrn = "000000000003" }],
        };
    }
}
