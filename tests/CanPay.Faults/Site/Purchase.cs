using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using CanPay.Faults.Books;
using CanPay.Gateway.Operations;

namespace CanPay.Faults.Site;

/// <summary>One payment over HTTP: token, page, card, and then what a shop may do with it.</summary>
internal sealed class Purchase(IReadOnlyList<GatewayNode> nodes, MerchantLog log)
{
    private const int Tries = 4;
    private const string Paid = "name=\"success\" value=\"1\"";
    private const string NotPaid = "name=\"success\" value=\"0\"";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    /// <summary>Approved, mostly; declined; answer lost; never answered; answered late; the line drops.</summary>
    private static readonly string[] Cards =
    [
        .. Enumerable.Repeat(Browser.ApprovedCard, 20), "6037990000000006", "6396070000090003", "6219860000070004", "6273530000010002", "6277600000090001",
    ];

    private readonly long _amount = 10_000 + Random.Shared.Next(1_000);
    private int _node = Random.Shared.Next(nodes.Count);

    private GatewayNode Node => nodes[_node % nodes.Count];

    public async Task Make()
    {
        var (status, answer) = await Call("token", new
        {
            merchant = DemoMerchant.Code,
            amount = _amount,
            callback_url = "http://127.0.0.1:5090/payment/callback",
            invoice_id = Convert.ToHexString(RandomNumberGenerator.GetBytes(8)),
        });
        if (status is not HttpStatusCode.OK)
        {
            return;
        }

        var token = answer.GetProperty("data").GetProperty("token").GetString()!;
        log.Write(new Told(News.Token, token, _amount));
        if (!await Pay(token))
        {
            return;
        }

        switch (Random.Shared.Next(10))
        {
            case < 6:
                await Verify(token);
                break;
            case < 8 when await Verify(token):
                await Refund(token);
                break;
            case 8:
                await Reverse(token);
                break;
            default:
                break; // forgotten by its shop
        }
    }

    /// <returns>The page said that it is paid.</returns>
    private async Task<bool> Pay(string token)
    {
        using var browser = new Browser(Node.Url);
        var page = await browser.Pay(token, Cards[Random.Shared.Next(Cards.Length)]).WaitAsync(Patience);
        for (var i = 0; i < Tries && !page.Contains(Paid, StringComparison.Ordinal) && !page.Contains(NotPaid, StringComparison.Ordinal); i++)
        {
            await Task.Delay(Pause);
            page = await (await browser.Open(token).WaitAsync(Patience)).Content.ReadAsStringAsync();
        }

        return page.Contains(Paid, StringComparison.Ordinal);
    }

    private async Task<bool> Verify(string token)
    {
        var told = await Persist("verify", new { merchant = DemoMerchant.Code, token });
        if (told is (HttpStatusCode.OK, var answer))
        {
            var data = answer.GetProperty("data");
            log.Write(new Told(News.Verified, token, data.GetProperty("amount").GetInt64(), data.GetProperty("reference").GetString()));
            return true;
        }

        if (told is (HttpStatusCode.Conflict, var refusal) && refusal.GetProperty("error").GetString() == "payment_returned")
        {
            log.Write(new Told(News.Returned, token));
        }

        return false;
    }

    private async Task Reverse(string token)
    {
        if (await Persist("reverse", new { merchant = DemoMerchant.Code, token }) is (HttpStatusCode.OK, _))
        {
            log.Write(new Told(News.Reversed, token));
        }
    }

    private async Task Refund(string token)
    {
        var id = Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
        var amount = _amount / 2;
        for (var i = 0; i < Tries; i++)
        {
            if (await Persist("refund", new { merchant = DemoMerchant.Code, token, refund_id = id, amount, method = "card" }) is not (HttpStatusCode.OK, var answer))
            {
                return;
            }

            log.Write(new Told(News.RefundTaken, token, amount, id));
            if (answer.GetProperty("data").GetProperty("status").GetString() == "succeeded")
            {
                log.Write(new Told(News.Refunded, token, amount, id));
                return;
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>Asks again, elsewhere, where there was no answer or it was "try again".</summary>
    private async Task<(HttpStatusCode Status, JsonElement Body)> Persist(string operation, object body)
    {
        for (var i = 0; i < Tries; i++)
        {
            try
            {
                if (await Call(operation, body) is { Status: < HttpStatusCode.InternalServerError } answer)
                {
                    return answer;
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or JsonException)
            {
                // No answer is no answer.
            }

            _node++;
            await Task.Delay(Pause);
        }

        return default;
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> Call(string operation, object body)
    {
        using var answer = await Node.Http.PostAsJsonAsync($"/api/ipg/{operation}", body);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }
}
