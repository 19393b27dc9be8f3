using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Acquiring.Direct;

/// <summary>Seals card number and expiry for as long as a payment may have to be reversed, and recognises cards by a keyed hash.</summary>
/// <remarks>
/// AES-256-GCM with a random nonce; the row it belongs to and the key's version are authenticated, so that a sealed card moved
/// to another row does not open. On disk: version (4 bytes), nonce (12), tag (16), ciphertext.
/// </remarks>
internal sealed class CardVault : IDisposable
{
    private const int VersionLength = 4;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeadLength = VersionLength + NonceLength + TagLength;
    private static readonly TimeSpan OthersMayTake = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyDictionary<int, byte[]> _keys;
    private readonly int _current;
    private readonly byte[] _hashKey;
    private readonly ConcurrentBag<AesGcm> _sealing = [];

    private CardVault(CardKeys keys)
    {
        _keys = keys.SealingKeys.ToDictionary(key => key.Key, key => Convert.FromBase64String(key.Value));
        _current = _keys.Keys.Max();
        _hashKey = Convert.FromBase64String(keys.HashKey);
    }

    /// <summary>Opens the key file; in the sandbox it is made where it is missing.</summary>
    /// <exception cref="StartException">The file is missing, can be read by others, or is no key file.</exception>
    public static CardVault Open(DataFolder folder, bool mayMake)
    {
        var file = Path.Combine(folder.KeysFolder, "card-keys.json");
        try
        {
            if (!File.Exists(file))
            {
                if (!mayMake)
                {
                    throw new StartException(
                        $"The card keys {file} are missing. Restore them from where they are kept: without them nothing that was " +
                        "sealed can be reversed.");
                }

                Make(file);
            }

            if (!OperatingSystem.IsWindows()
                && (File.GetUnixFileMode(file) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != UnixFileMode.None)
            {
                throw new StartException($"The card keys {file} can be read by other users. Run: chmod 600 {file}");
            }

            var keys = JsonSerializer.Deserialize<CardKeys>(File.ReadAllBytes(file));
            return keys is { SealingKeys.Count: > 0, HashKey.Length: > 0 }
                ? new CardVault(keys)
                : throw new StartException($"The card keys {file} hold no keys. Restore the file from a backup.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            throw new StartException($"The card keys {file} cannot be read: {e.Message}");
        }
    }

    /// <summary>The same for the same keys, and says nothing of them.</summary>
    public string Mark => Convert.ToHexStringLower(HMACSHA256.HashData(
        _hashKey, (byte[])[.. "CanPay card keys"u8, .. _keys[_keys.Keys.Min()]]));

    /// <summary>Keyed hash of a card number, in hexadecimal: the same card has the same hash in this installation only.</summary>
    public string Hash(Pan pan) => Convert.ToHexStringLower(HMACSHA256.HashData(_hashKey, Encoding.ASCII.GetBytes(pan.Reveal())));

    /// <summary>Keyed hash of a secret that is no card number, for one purpose.</summary>
    public string Hash(string purpose, string secret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_hashKey, Encoding.UTF8.GetBytes($"{purpose}|{secret}")));

    /// <summary>Seals number and expiry, never CVV2 or PIN.</summary>
    /// <param name="place">Table and row that it belongs to, such as <c>saved_cards/17</c>.</param>
    public byte[] Seal(Pan pan, string expiry, string place)
    {
        var clear = Encoding.ASCII.GetBytes($"{pan.Reveal()}={expiry}");
        var blob = new byte[HeadLength + clear.Length];
        BinaryPrimitives.WriteInt32BigEndian(blob, _current);
        RandomNumberGenerator.Fill(blob.AsSpan(VersionLength, NonceLength));
        var cipher = _sealing.TryTake(out var free) ? free : new AesGcm(_keys[_current], TagLength);
        cipher.Encrypt(
            blob.AsSpan(VersionLength, NonceLength),
            clear,
            blob.AsSpan(HeadLength),
            blob.AsSpan(VersionLength + NonceLength, TagLength),
            Row(place, _current));
        _sealing.Add(cipher);
        CryptographicOperations.ZeroMemory(clear);
        return blob;
    }

    /// <exception cref="CryptographicException">It was not sealed for this row by this installation, or was changed.</exception>
    public (Pan Pan, string Expiry) Open(ReadOnlySpan<byte> blob, string place)
    {
        var version = blob.Length > HeadLength ? BinaryPrimitives.ReadInt32BigEndian(blob) : 0;
        if (!_keys.TryGetValue(version, out var key))
        {
            throw new CryptographicException("The sealed card names a key that this installation does not have.");
        }

        var clear = new byte[blob.Length - HeadLength];
        using var cipher = new AesGcm(key, TagLength);
        cipher.Decrypt(
            blob.Slice(VersionLength, NonceLength), blob[HeadLength..], blob.Slice(VersionLength + NonceLength, TagLength), clear, Row(place, version));
        var parts = Encoding.ASCII.GetString(clear).Split('=');
        CryptographicOperations.ZeroMemory(clear);
        return parts.Length == 2 && Pan.TryParse(parts[0], out var pan)
            ? (pan, parts[1])
            : throw new CryptographicException("The sealed card holds no card.");
    }

    public void Dispose()
    {
        while (_sealing.TryTake(out var cipher))
        {
            cipher.Dispose();
        }
    }

    /// <summary>Where the card of a purchase belongs.</summary>
    public static string PlaceOf(string rrn) => "authorizations/" + rrn;

    private static byte[] Row(string place, int version) => Encoding.ASCII.GetBytes($"{place}/{version}");

    private static void Make(string file)
    {
        var folder = Directory.CreateDirectory(Path.GetDirectoryName(file)!).FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var keys = new CardKeys(
            new Dictionary<int, string> { [1] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) },
            Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var turn = TakeTurn(file);
        if (turn is null || File.Exists(file))
        {
            // Another node with this folder was quicker: its keys count.
            return;
        }

        // Written whole under another name first: a crash leaves no half key file behind.
        var draft = $"{file}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        using (var stream = new FileStream(draft, options))
        {
            JsonSerializer.Serialize(stream, keys);
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, file, overwrite: false);
    }

    /// <summary>
    /// One node at a time makes the keys: the move alone looks first whether the file is there, and then replaces it. A node
    /// that dies gives its turn back.
    /// </summary>
    /// <returns>None where another has it: the keys are there when this returns.</returns>
    private static FileStream? TakeTurn(string file)
    {
        try
        {
            return new FileStream(file + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            SpinWait.SpinUntil(() => File.Exists(file), OthersMayTake);
            return null;
        }
    }

    /// <param name="SealingKeys">Base64 of 32 bytes by version; the highest seals, all open.</param>
    /// <param name="HashKey">Base64 of 32 bytes.</param>
    private sealed record CardKeys(Dictionary<int, string> SealingKeys, string HashKey);
}
