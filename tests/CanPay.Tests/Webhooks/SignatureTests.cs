using System.Text;
using CanPay.Gateway.Webhooks;

namespace CanPay.Tests.Webhooks;

/// <summary>What we sign, held against the vector of Standard Webhooks and against its own implementation.</summary>
public sealed class SignatureTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [Fact]
    public void The_signature_is_that_of_the_published_vector()
    {
        var secret = WebhookSecret.Parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

        var signature = secret.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), "{\"test\": 2432232314}"u8);

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature);
    }

    [Fact]
    public void A_new_secret_is_random_and_is_read_as_it_was_told()
    {
        var (one, other) = (WebhookSecret.New(), WebhookSecret.New());

        Assert.NotEqual(one.Reveal(), other.Reveal());
        Assert.Matches("^whsec_[A-Za-z0-9+/]{43}=$", one.Reveal());
        Assert.Equal(one.ToBytes(), WebhookSecret.Parse(one.Reveal()).ToBytes());
        Assert.Throws<FormatException>(() => WebhookSecret.Parse(one.Reveal()[6..]));
    }

    [Fact]
    public void The_implementation_of_Standard_Webhooks_takes_what_we_sign()
    {
        var (present, old, foreign) = (WebhookSecret.New(), WebhookSecret.New(), WebhookSecret.New());
        var body = "{\"data\":{\"invoice_id\":\"فاکتور ۴۷\"}}";
        Letter Of(DateTimeOffset at, WebhookSecret judge, params WebhookSecret[] signers) => new(
            judge.Reveal(), "evt_1", at.ToUnixTimeSeconds(), string.Join(' ', signers.Select(signer => signer.Sign("evt_1", at, Encoding.UTF8.GetBytes(body)))), body);

        var taken = WebhookJudge.Takes(
            Of(Now, present, present),
            Of(Now, present, present, old), // while a secret is replaced either opens it
            Of(Now, old, present, old),
            Of(Now.AddMinutes(-4), present, present),
            Of(Now, foreign, present, old),
            Of(Now.AddMinutes(-6), present, present),
            Of(Now.AddMinutes(6), present, present),
            Of(Now, present, present) with { Body = body.Replace('۷', '۸') },
            Of(Now, present, present) with { Id = "evt_2" });

        Assert.Equal([true, true, true, true, false, false, false, false, false], taken);
    }
}
