using CanPay.Gateway;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Api;
using CanPay.Gateway.Checkout;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace CanPay.Tests.HostileInput;

/// <summary>Addresses that the platform reads, and then throws over or reads otherwise than a browser. A fuzzer found them.</summary>
public sealed class AddressFaultTests
{
    private static readonly Merchant Shop = new(default, "111", "A shop", new Terminal("00000001", "000000000000001", "5999"))
    {
        MinAmount = new Rials(1),
        MaxAmount = new Rials(2),
        Domains = ["site.com", "2001:db8::9"],
    };

    public static TheoryData<string> Hosts => ["https://\u0633\u0627\u06E7", "https://xn--mgba3a4f1\uFFFD\uFFFD6a.ir?a=1", "https://site\u06272Fback"];

    [Theory]
    [MemberData(nameof(Hosts))]
    public void A_host_that_is_no_name_is_refused_by_every_rule(string url)
    {
        Assert.True(Uri.TryCreate(url, UriKind.Absolute, out _)); // or this test proves nothing

        Assert.True(CallbackUrl.Parse(url, Shop, sandbox: false).Refused(out var refusal, out _));
        Assert.Equal("callback_url_invalid", refusal.Name);
        Assert.Throws<StartException>(() => EndpointUrl.Parse(url, new AddressRules(new HashSet<int> { 443 }, allowLoopback: false, () => [])));
        Assert.Throws<StartException>(() => MerchantDetails.Domains([new Uri(url).Host]));
        Assert.IsType<Referrer.Unsaid>(From(url));
    }

    [Fact]
    public void Behind_an_IPv6_address_stands_its_port_or_its_path()
    {
        Assert.False(CallbackUrl.Parse("https://[2001:db8::9]:8443/x?a=]b", Shop, sandbox: false).Refused(out _, out _));

        Assert.True(CallbackUrl.Parse("https://[2001:db8::9]s://[2001:db8::9]/x", Shop, sandbox: false).Refused(out var refusal, out _));
        Assert.Equal("callback_url_invalid", refusal.Name);
        Assert.True(CallbackUrl.Parse("https://[2001:db8::9/:80]:0", Shop, sandbox: false).Refused(out refusal, out _));
        Assert.Equal("callback_url_invalid", refusal.Name);
        Assert.Throws<StartException>(() => EndpointUrl.Parse("https://[2606:4700::1111]c&", new AddressRules(new HashSet<int> { 443 }, allowLoopback: false, () => [])));
    }

    [Fact]
    public void A_referrer_of_which_the_platform_breaks_is_none() => Assert.IsType<Referrer.Unsaid>(From("//\u202E"));

    [Fact]
    public void A_domain_is_written_down_without_a_dot_at_its_end_in_any_script() =>
        Assert.Equal("www.site.ir site.com", MerchantDetails.Domains(["www.site.ir\u3002", "site.com."]));

    [Fact]
    public void Nothing_is_under_an_address()
    {
        var merchant = Shop with { Domains = ["203.0.113.9"] };

        Assert.True(merchant.Owns("203.0.113.9"));
        Assert.False(merchant.Owns("203.203.0.113.9"));
        Assert.False(merchant.Owns("www.203.0.113.9"));
    }

    [Theory]
    [InlineData("00\u202E")]
    [InlineData("5::1C%0\u00BC1C%00%0")]
    public void A_domain_that_is_another_when_it_is_read_again_is_refused(string domain) =>
        Assert.Throws<StartException>(() => MerchantDetails.Domains([domain]));

    [Fact]
    public void A_host_header_that_is_no_name_breaks_no_page()
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Host = "pay...examxn--ple"; // Kestrel lets it through
        context.Request.Headers.Origin = "https://site.com";

        Assert.IsType<Referrer.Welcome>(Referrer.Of(context.Request, Shop, new PublicUrl(Options.Create(new HttpOptions()))));
    }

    private static Referrer From(string referrer)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Referer = referrer;
        return Referrer.Of(context.Request, Shop, new PublicUrl(Options.Create(new HttpOptions())));
    }
}
