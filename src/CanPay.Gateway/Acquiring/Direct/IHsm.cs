using CanPay.Iso8583;

namespace CanPay.Gateway.Acquiring.Direct;

/// <summary>Where the keys that we share with the switch live. They never come out.</summary>
public interface IHsm : IMessageAuthenticator
{
    /// <summary>Makes the PIN block of ISO 9564 format 0 and encrypts it under the zone PIN key.</summary>
    /// <param name="pin">4 to 12 digits.</param>
    /// <param name="pan">The card number's digits.</param>
    /// <param name="block">Takes 8 bytes.</param>
    void EncryptPin(ReadOnlySpan<char> pin, ReadOnlySpan<char> pan, Span<byte> block);
}
