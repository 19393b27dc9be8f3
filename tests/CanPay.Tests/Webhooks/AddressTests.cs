using System.Net;
using CanPay.Gateway;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Webhooks;
using Microsoft.Extensions.Options;

namespace CanPay.Tests.Webhooks;

/// <summary>Whoever names an endpoint must not reach what only we can reach: by whatever spelling, name or trick.</summary>
public sealed class AddressTests
{
    private static readonly IPAddress Own = IPAddress.Parse("8.8.4.4");
    private static readonly AddressRules Strict = new(new HashSet<int> { 443 }, allowLoopback: false, () => [Own]);

    /// <summary>Refused when they are written.</summary>
    public static TheoryData<string> Written { get; } =
    [
        "", "hook", "//site.com/hook", "ftp://site.com/hook", "file:///etc/passwd", "gopher://site.com/1", "javascript:alert(1)", "http://site.com/hook",
        "https:/site.com/hook", "https:///hook", "https://", "https://site.com:8443/hook", "https://site.com:80/hook", "https://site.com:22/",
        "https://user@site.com/hook", "https://user:secret@site.com/hook", "https://site.com@10.0.0.1/hook", "https://site.com#@10.0.0.1/", "https://site.com\\@10.0.0.1/",
        "https://site.com/ho ok", "https://site.com/\thook", "https://site.com/hook\r\nX: y", "https://si\u200Bte.com/hook", "https://site.com/#fragment",
        "https://127.0.0.1/hook", "https://127.1/hook", "https://127.0.1/hook", "https://2130706433/hook", "https://0x7f000001/hook", "https://0x7f.0.0.1/hook",
        "https://0177.0.0.1/hook", "https://017700000001/hook", "https://0/hook", "https://0.0.0.0/hook", "https://10.0.0.1/hook", "https://10.1/hook", "https://0xa000001/hook",
        "https://172.16.0.1/hook", "https://172.31.255.255/hook", "https://192.168.1.1/hook", "https://3232235777/hook", "https://169.254.169.254/latest/meta-data/",
        "https://168.63.129.16/metadata", "https://100.64.0.1/hook", "https://100.100.100.200/latest/meta-data/", "https://192.0.0.192/hook", "https://198.18.0.1/hook",
        "https://192.0.2.1/hook", "https://224.0.0.1/hook", "https://239.255.255.250/hook", "https://240.0.0.1/hook", "https://255.255.255.255/hook", "https://8.8.4.4/hook",
        "https://[::1]/hook", "https://[::]/hook", "https://[0:0:0:0:0:0:0:1]/hook", "https://[::ffff:127.0.0.1]/hook", "https://[::ffff:7f00:1]/hook", "https://[::ffff:10.0.0.1]/hook",
        "https://[::127.0.0.1]/hook", "https://[::ffff:8.8.4.4]/hook", "https://[fe80::1]/hook", "https://[fec0::1]/hook", "https://[fc00::1]/hook", "https://[fd00:ec2::254]/latest/",
        "https://[ff02::1]/hook", "https://[2002:7f00:1::]/hook", "https://[2002:a00:1::]/hook", "https://[64:ff9b::7f00:1]/hook", "https://[64:ff9b::10.0.0.1]/hook",
        "https://[2001:0:7f00:1::]/hook", "https://[2001:db8::1]/hook", "https://[100::1]/hook", "https://[fe80::1%25eth0]/hook", "https://127。0。0。1/hook",
    ];

    /// <summary>Names that are fine to look at, and where they lead.</summary>
    public static TheoryData<string, string> Resolved { get; } = new()
    {
        { "https://localhost/hook", "127.0.0.1" },
        { "https://localhost./hook", "127.0.0.1" },
        { "https://①②⑦.0.0.1/hook", "127.0.0.1" },
        { "https://localtest.me/hook", "127.0.0.1" },
        { "https://127.0.0.1.nip.io/hook", "127.0.0.1" },
        { "https://metadata.google.internal/", "169.254.169.254" },
        { "https://intranet.site.com/hook", "10.1.2.3" },
        { "https://router.site.com/hook", "192.168.0.1" },
        { "https://cgnat.site.com/hook", "100.64.3.4" },
        { "https://six.site.com/hook", "::1" },
        { "https://ula.site.com/hook", "fd12:3456::1" },
        { "https://link.site.com/hook", "fe80::1" },
        { "https://mapped.site.com/hook", "::ffff:192.168.0.1" },
        { "https://nat64.site.com/hook", "64:ff9b::a00:1" },
        { "https://us.site.com/hook", "8.8.4.4" },
        { "https://mixed.site.com/hook", "93.184.216.34 127.0.0.1" },
        { "https://mixed-six.site.com/hook", "2606:2800:220:1:248:1893:25c8:1946 ::1" },
        { "https://nowhere.site.com/hook", "" },
    };

    [Theory]
    [MemberData(nameof(Written))]
    public void What_is_not_a_public_https_address_is_no_endpoint(string url) =>
        Assert.Throws<StartException>(() => EndpointUrl.Parse(url, Strict));

    [Theory]
    [MemberData(nameof(Resolved))]
    public async Task A_name_that_leads_to_us_or_behind_us_is_not_connected_to(string url, string addresses)
    {
        var parsed = EndpointUrl.Parse(url, Strict);
        using var http = new HttpClient(new WebhookHttp(Strict, (_, _) => Task.FromResult(
            addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse).ToArray())).Handler());
        var sender = new WebhookSender(http, Options.Create(new WebhookOptions()), TimeProvider.System);

        var sent = await sender.Send(parsed, "evt_1", [], [WebhookSecret.New()], CancellationToken.None);

        Assert.StartsWith("not connected to: ", sent.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("93.184.216.34")]
    [InlineData("5.160.0.1")]
    [InlineData("185.143.232.1")]
    [InlineData("2606:2800:220:1:248:1893:25c8:1946")]
    [InlineData("::ffff:93.184.216.34")]
    public void A_public_address_is_connected_to(string address) =>
        Assert.Null(Strict.Refuses(IPAddress.Parse(address), new Uri("https://site.com/hook")));

    [Theory]
    [InlineData("https://site.com/hook")]
    [InlineData("https://site.com:443/hook?shop=1")]
    [InlineData("https://93.184.216.34/hook")]
    [InlineData("https://[2606:2800:220:1:248:1893:25c8:1946]/hook")]
    [InlineData("https://فروشگاه.com/hook")]
    public void A_public_https_address_is_an_endpoint(string url) => Assert.Equal(443, EndpointUrl.Parse(url, Strict).Port);

    [Fact]
    public void In_the_sandbox_this_machine_may_be_an_endpoint_and_no_other_by_http()
    {
        Assert.Equal(3000, EndpointUrl.Parse("http://localhost:3000/hook", SenderTests.Sandbox).Port);
        Assert.Equal(5090, EndpointUrl.Parse("http://127.0.0.1:5090/hook", SenderTests.Sandbox).Port);
        Assert.Throws<StartException>(() => EndpointUrl.Parse("http://site.com/hook", SenderTests.Sandbox));
        Assert.Throws<StartException>(() => EndpointUrl.Parse("http://10.0.0.1/hook", SenderTests.Sandbox));
        Assert.Throws<StartException>(() => EndpointUrl.Parse("https://10.0.0.1/hook", SenderTests.Sandbox));
        Assert.NotNull(SenderTests.Sandbox.Refuses(IPAddress.Parse("93.184.216.34"), new Uri("https://site.com:8443/hook")));
    }

    [Fact]
    public void The_settings_decide_what_is_strict()
    {
        AddressRules Of(WebhookOptions webhooks, bool sandbox) => AddressRules.From(Options.Create(webhooks), Options.Create(new SandboxOptions { Enabled = sandbox }));

        Assert.Throws<StartException>(() => EndpointUrl.Parse("http://localhost:3000/hook", Of(new WebhookOptions(), sandbox: false)));
        EndpointUrl.Parse("http://localhost:3000/hook", Of(new WebhookOptions(), sandbox: true));
        EndpointUrl.Parse("http://localhost:3000/hook", Of(new WebhookOptions { AllowLoopback = true }, sandbox: false));
        Assert.Throws<StartException>(() => EndpointUrl.Parse("http://localhost:3000/hook", Of(new WebhookOptions { AllowLoopback = false }, sandbox: true)));
        EndpointUrl.Parse("https://site.com:8443/hook", Of(new WebhookOptions { AllowedPorts = "443, 8443" }, sandbox: false));
    }
}
