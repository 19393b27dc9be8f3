using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using CanPay.Tests.EndToEnd;

namespace CanPay.Tests.Samples;

/// <summary>A real gateway and card network, a middleman, and a sample that runs in its own language's process.</summary>
public abstract partial class SampleShop : IAsyncLifetime
{
    private const string Delivered = "delivered.log";

    private readonly string _folder = Directory.CreateTempSubdirectory("canpay-sample-").FullName;
    private readonly int _port = FreePorts.Next();
    /// <summary>A connection for each request: one that was kept may be closed by the server at the moment when it is used again.</summary>
    private protected HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.Zero });
    private Running? _running;

    /// <summary>The folder of the sample below <c>samples</c>.</summary>
    protected abstract string Name { get; }

    /// <summary>The program and its arguments; with <c>settle</c> at the end it asks about open orders.</summary>
    protected abstract string[] Command { get; }

    /// <summary>The command that serves.</summary>
    protected virtual string[] Serve => Command;

    /// <summary>Where payers come back to.</summary>
    protected virtual string CallbackPath => "/callback";

    protected string Port => _port.ToString(System.Globalization.CultureInfo.InvariantCulture);

    internal World World { get; private set; } = null!;

    internal Middleman Middleman { get; private set; } = null!;

    protected string Url => $"http://127.0.0.1:{Port}";

    protected virtual string At(string file) => Path.Combine(Programs.Root, "samples", Name, file);

    public virtual async ValueTask InitializeAsync()
    {
        World = await World.Start();
        Middleman = await Middleman.Start(World.Http.BaseAddress!);
        await Prepare(_folder);
        await Start();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Stop();
        Http.Dispose();
        await Middleman.DisposeAsync();
        await World.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Builds what has to be built, for example into the folder.</summary>
    protected virtual Task Prepare(string folder) => Task.CompletedTask;

    internal virtual async Task Restart()
    {
        await Stop();
        await Start();
    }

    /// <summary>Presses the shop's button.</summary>
    /// <returns>The payer's page, or the shop's error page.</returns>
    internal virtual async Task<(Uri? Page, string Error)> Buy()
    {
        Assert.Contains("action=\"/pay\"", await Http.GetStringAsync(Url + "/"), StringComparison.Ordinal);
        using var answer = await Http.PostAsync(Url + "/pay", new FormUrlEncodedContent([]));
        return answer.StatusCode is HttpStatusCode.SeeOther
            ? (answer.Headers.Location, "")
            : (null, await answer.Content.ReadAsStringAsync());
    }

    /// <returns>Whether the shop knew the order.</returns>
    internal virtual async Task<bool> ComeBack(IReadOnlyDictionary<string, string> fields, bool get = false)
    {
        using var form = new FormUrlEncodedContent(fields);
        using var answer = await Heard(get
            ? Http.GetAsync($"{Url}/callback?{await form.ReadAsStringAsync()}")
            : Http.PostAsync(Url + "/callback", form));
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.SeeOther, HttpStatusCode.BadRequest });
        return answer.StatusCode is HttpStatusCode.SeeOther;
    }

    /// <summary>What the order's page says: <c>open</c>, <c>unknown</c>, <c>paid</c>, <c>cancelled</c> or <c>failed</c>.</summary>
    internal virtual async Task<string> Status(string invoice) =>
        DataStatus().Match(await Http.GetStringAsync($"{Url}/orders/{invoice}")).Groups[1].Value;

    internal Task<string> Settle() => Run("settle");

    /// <summary>How often the shop sent out the goods of an order.</summary>
    internal virtual int Deliveries(string invoice)
    {
        var file = Path.Combine(_folder, Delivered);
        return File.Exists(file) ? File.ReadLines(file).Count(line => line.StartsWith(invoice, StringComparison.Ordinal)) : 0;
    }

    internal static string TokenOf(Uri? page) => page?.Segments[^1] ?? throw new InvalidOperationException("The payment was not begun.");

    /// <summary>The fields that the payer's browser would post to the shop.</summary>
    internal IReadOnlyDictionary<string, string> WayBack(string page)
    {
        var form = new HtmlParser().ParseDocument(page).QuerySelector($"form[action='{Url}{CallbackPath}']");
        Assert.NotNull(form);
        return form.QuerySelectorAll("input[name]").ToDictionary(
            input => input.GetAttribute("name")!, input => input.GetAttribute("value")!, StringComparer.Ordinal);
    }

    private protected Task<string> Run(params string[] arguments) =>
        Processes.Run(Command[0], Settings(), [.. Command[1..], .. arguments]);

    /// <summary>A shop that breaks says why on its console.</summary>
    private async Task<HttpResponseMessage> Heard(Task<HttpResponseMessage> answer)
    {
        try
        {
            return await answer;
        }
        catch (HttpRequestException e)
        {
            throw new InvalidOperationException($"The sample in {Name} broke: {_running?.Said}", e);
        }
    }

    private protected virtual async Task Start()
    {
        _running = new Running(Serve[0], Settings(), Serve[1..]);
        await Processes.Until($"the sample in {Name} serves", () => Processes.Answers(Http, Url + "/"));
    }

    private async Task Stop()
    {
        if (_running is not null)
        {
            await _running.DisposeAsync();
        }
    }

    private Dictionary<string, string> Settings() => new(StringComparer.Ordinal)
    {
        ["CANPAY_URL"] = Middleman.Address.ToString(),
        ["CANPAY_MERCHANT"] = World.Merchant,
        ["PORT"] = Port,
        ["SHOP_URL"] = Url,
        ["SHOP_DATA"] = _folder,
        ["PHP_CLI_SERVER_WORKERS"] = "4",
    };

    [GeneratedRegex("data-status=\"([a-z]+)\"")]
    private static partial Regex DataStatus();
}
