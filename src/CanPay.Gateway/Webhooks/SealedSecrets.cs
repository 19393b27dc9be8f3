using Microsoft.AspNetCore.DataProtection;

namespace CanPay.Gateway.Webhooks;

/// <summary>Webhook secrets as the books keep them: sealed with the keys of cookies and forms, which all nodes share.</summary>
internal sealed class SealedSecrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("CanPay.WebhookSecret");

    public byte[] Seal(WebhookSecret secret) => _protector.Protect(secret.ToBytes());

    /// <exception cref="System.Security.Cryptography.CryptographicException">The keys that sealed it are lost, or not known to this node yet.</exception>
    public WebhookSecret Open(byte[] sealedSecret) => WebhookSecret.FromBytes(_protector.Unprotect(sealedSecret));
}
