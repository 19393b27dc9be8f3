using CanPay.Client;
using CanPay.Client.Testing;

// Every kind of answer once, so that nothing of its reading is trimmed away.
using var gateway = new FakeGateway();
using var http = new HttpClient(gateway);
var client = new CanPayClient(http, gateway.Options);
var token = (await client.RequestTokenAsync(new TokenRequest(10_000, new Uri("https://shop.test/callback"), "47"))).Token;
gateway.Pay(token);
var verified = await client.VerifyAsync(token, 10_000);
var refund = await client.RefundAsync(new RefundRequest(token, "r1") { Reason = RefundReason.Duplicate });
await foreach (var payment in client.ListTransactionsAsync(new TransactionQuery { Status = PaymentStatus.Verified }))
{
    Console.WriteLine($"{payment.InvoiceId} {payment.Status} {payment.RefundedRials} {verified.Card} {refund.Status}");
}

try
{
    await client.ReverseAsync(token);
}
catch (CanPayRefusedException e)
{
    Console.WriteLine($"{e.Code} {e.Name} {(await client.PingAsync()).Merchant.Code}");
}
