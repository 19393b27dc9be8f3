using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Checkout;

/// <summary>
/// The link that a payer keeps: <c>/r/{code}</c>. The code is a signature of 128 bits and the payment's number, so that nothing
/// of it is stored, and whoever has no code of ours cannot make one. It is all that one must know to read the receipt.
/// </summary>
internal sealed class ReceiptLinks(InstallationSecret secret, PublicUrl publicUrl)
{
    private const string Purpose = "receipt";
    private const string VeilPurpose = "receipt-number";
    private const int SignatureLength = 16;
    private const int Length = SignatureLength + sizeof(long);

    /// <summary>Exactly whole groups of three bytes: no code can be written in two ways.</summary>
    private const int CodeLength = Length / 3 * 4;

    public string Path(PaymentId payment) => "/r/" + Code(payment);

    /// <summary>As it stands on paper and in the QR code.</summary>
    public string Address(PaymentId payment) => publicUrl.Base + Path(payment);

    /// <summary>The payment of a code that we gave; none for any other text.</summary>
    public PaymentId? Read(string code)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (code.Length != CodeLength
            || Base64Url.DecodeFromChars(code, bytes, out _, out var written) is not OperationStatus.Done
            || written != Length)
        {
            return null;
        }

        var signature = bytes[..SignatureLength];
        var payment = new PaymentId(BinaryPrimitives.ReadInt64BigEndian(bytes[SignatureLength..]) ^ Veil(signature));
        return CryptographicOperations.FixedTimeEquals(signature, Signature(payment)) ? payment : null;
    }

    private string Code(PaymentId payment)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var signature = bytes[..SignatureLength];
        Signature(payment).CopyTo(signature);
        BinaryPrimitives.WriteInt64BigEndian(bytes[SignatureLength..], payment.Value ^ Veil(signature));
        return Base64Url.EncodeToString(bytes);
    }

    private ReadOnlySpan<byte> Signature(PaymentId payment) =>
        Convert.FromHexString(secret.Sign(Purpose, payment.Value.ToString(CultureInfo.InvariantCulture))).AsSpan(0, SignatureLength);

    /// <summary>Covers the payment's number: two receipts would say how many payments were made between them.</summary>
    private long Veil(ReadOnlySpan<byte> signature) =>
        BinaryPrimitives.ReadInt64BigEndian(Convert.FromHexString(secret.Sign(VeilPurpose, Convert.ToHexStringLower(signature))));
}
