using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Http;

/// <summary>What payers and merchants see before our paths.</summary>
internal sealed class PublicUrl
{
    public PublicUrl(IOptions<HttpOptions> options)
    {
        Base = (options.Value.PublicUrl is { Length: > 0 } url ? url : options.Value.Urls.Split(';')[0]).Trim().TrimEnd('/');
        Origin = new Uri(Base).GetLeftPart(UriPartial.Authority);
    }

    public string Base { get; }

    /// <summary>Scheme, host and port.</summary>
    public string Origin { get; }

    public bool IsHttps => Origin.StartsWith("https:", StringComparison.Ordinal);

    /// <summary>The payer's page of a payment.</summary>
    public string Page(string token) => $"{Base}/ipg/{token}";
}
