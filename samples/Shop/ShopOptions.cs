namespace CanPay.Samples.Shop;

/// <summary>Section <c>Shop</c>.</summary>
internal sealed class ShopOptions
{
    public const string Section = "Shop";

    /// <summary>Address to listen on. Default http://127.0.0.1:5090.</summary>
    public string Url { get; set; } = "http://127.0.0.1:5090";

    /// <summary>What browsers see; the callback address begins with it. Default: <see cref="Url"/>.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>Folder of the orders. Default: <c>shop</c> in the folder of CANPAY_DATA, else <c>./data/shop</c>.</summary>
    public string? DataFolder { get; set; }

    /// <summary>What the gateway signs its webhooks with (<c>whsec_…</c>). Default: none, and no webhook is taken.</summary>
    public string? WebhookSecret { get; set; }

    public string Folder() => DataFolder is { Length: > 0 } named
        ? Path.GetFullPath(named)
        : Path.GetFullPath(Path.Combine(Environment.GetEnvironmentVariable("CANPAY_DATA") is { Length: > 0 } data ? data : "data", "shop"));

    public string Base() => (PublicUrl ?? Url).TrimEnd('/');
}
