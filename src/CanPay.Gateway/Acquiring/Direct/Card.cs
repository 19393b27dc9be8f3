using System.Security.Cryptography;

namespace CanPay.Gateway.Acquiring.Direct;

/// <summary>What a payer typed. Lives in memory from the form to the send, then is wiped.</summary>
/// <remarks>
/// Sensitive authentication data: never stored, logged, serialized or put into an exception. The arrays are pinned so that
/// the collector leaves no copies behind, and zeroed by <see cref="Dispose"/>.
/// </remarks>
public sealed class Card : IDisposable
{
    private readonly char[] _cvv2;
    private readonly char[] _pin;

    /// <param name="pan">The card number.</param>
    /// <param name="expiry">Four digits, Jalali year and month: <c>0912</c> is the twelfth month of 1409.</param>
    /// <param name="cvv2">3 or 4 digits.</param>
    /// <param name="pin">The second PIN, static or one-time, 4 to 12 digits.</param>
    /// <remarks>For a request for a dynamic PIN the number is enough: the others may be empty.</remarks>
    public Card(Pan pan, string expiry, ReadOnlySpan<char> cvv2, ReadOnlySpan<char> pin)
    {
        Pan = pan;
        Expiry = expiry;
        _cvv2 = Pinned(cvv2);
        _pin = Pinned(pin);
    }

    public Pan Pan { get; }

    public string Expiry { get; }

    public ReadOnlySpan<char> Cvv2 => _cvv2;

    public ReadOnlySpan<char> Pin => _pin;

    public void Dispose()
    {
        Wipe(_cvv2);
        Wipe(_pin);
    }

    public override string ToString() => Pan.ToString();

    private static char[] Pinned(ReadOnlySpan<char> secret)
    {
        var array = GC.AllocateUninitializedArray<char>(secret.Length, pinned: true);
        secret.CopyTo(array);
        return array;
    }

    private static void Wipe(char[] secret) =>
        CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(secret.AsSpan()));
}
