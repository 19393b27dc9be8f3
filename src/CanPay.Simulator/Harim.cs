using System.Globalization;
using CanPay.Iso8583;

namespace CanPay.Simulator;

/// <summary>
/// Harim (هریم), the banks' dynamic PINs: who asks for one is answered the same whatever the card; only its holder hears more.
/// </summary>
internal sealed class Harim(Books books, Pins pins, TimeProvider clock)
{
    /// <summary>Sends the dynamic PIN to the mobile that the bank knows, if the card and what is said of it are right.</summary>
    /// <param name="request">Complete as a purchase is; expiry and CVV2 count where they are given.</param>
    /// <exception cref="IOException">It could not be booked: do not answer.</exception>
    public async Task Request(IsoMessage request)
    {
        var now = clock.GetUtcNow();
        if (TestCard.Find(request.GetText(2)!) is not { } card
            || (request.GetText(14) is { } expiry && !TehranTime.IsGood(expiry, now))
            || (TokenList.Find(request.GetText(48), TokenList.Cvv2) is { } cvv2 && cvv2 != TestCard.Cvv2))
        {
            return;
        }

        request.TryGetNumber(4, out var amount);
        await books.Book(new Sms(card.Mobile, Text(card, amount, request.GetText(42)!.Trim(), now), now));
    }

    private string Text(TestCard card, long amount, string shop, DateTimeOffset now) => string.Create(CultureInfo.InvariantCulture, $"""
        بانک {card.Bank}
        خرید اینترنتی
        رمز: {pins.Dynamic(card.Pan)}
        مبلغ: {amount:N0} ریال
        کارت: {card.Pan[^4..]}
        پذیرنده: {shop}
        اعتبار تا: {TehranTime.Local(now.AddSeconds(pins.GoodSeconds)):HH:mm:ss}
        رمز را به هیچ‌کس نگویید.
        """);
}
