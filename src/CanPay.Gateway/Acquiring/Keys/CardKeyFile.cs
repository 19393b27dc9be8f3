using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Acquiring.Keys;

/// <summary>
/// <c>card-keys.json</c>, where earlier versions kept the card keys in the clear. They are taken over into the database, wrapped;
/// the file is not read again after that.
/// </summary>
internal sealed class CardKeyFile : IDisposable
{
    private CardKeyFile(Dictionary<int, byte[]> sealing, byte[] hash)
    {
        Sealing = sealing;
        Hash = hash;
    }

    /// <summary>By version; the highest sealed, all open.</summary>
    public IReadOnlyDictionary<int, byte[]> Sealing { get; }

    public byte[] Hash { get; }

    /// <summary>What the earlier version left of these keys in the database, to be recognised by.</summary>
    public string Mark => Convert.ToHexStringLower(HMACSHA256.HashData(Hash, (byte[])[.. "CanPay card keys"u8, .. Sealing[Sealing.Keys.Min()]]));

    public static string PathIn(DataFolder folder) => Path.Combine(folder.KeysFolder, "card-keys.json");

    /// <returns>Null where there is none.</returns>
    /// <exception cref="StartException">It can be read by others, or is no key file.</exception>
    public static CardKeyFile? Find(DataFolder folder)
    {
        var file = PathIn(folder);
        if (!File.Exists(file))
        {
            return null;
        }

        return Parse(KeyFiles.ReadPrivate(file, "The card keys"), file);
    }

    /// <param name="text">What the file holds. Zeros when this returns.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="StartException">It is no key file.</exception>
    internal static CardKeyFile Parse(byte[] text, string file)
    {
        try
        {
            var keys = JsonSerializer.Deserialize<Content>(text);
            return keys is { SealingKeys.Count: > 0, HashKey.Length: > 0 }
                ? new CardKeyFile(keys.SealingKeys.ToDictionary(key => key.Key, key => Key(key.Value)), Key(keys.HashKey))
                : throw new StartException($"The card keys {file} hold no keys. Restore the file from a backup.");
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new StartException($"The card keys {file} cannot be read: {e.Message}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static byte[] Key(string? base64) => KeyFiles.Parse(Encoding.UTF8.GetBytes(base64 ?? ""))
        ?? throw new FormatException($"a key is base64 of {SoftwareKek.KeyLength} bytes.");

    /// <summary>
    /// A key-encryption key for nodes that have this file and nothing else: every node comes to the same without a word between
    /// them. Whoever has the file can come to it, too, so it should be replaced when all nodes are upgraded.
    /// </summary>
    public byte[] FirstKek() => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, (byte[])[.. Hash, .. Sealing[Sealing.Keys.Min()]], SoftwareKek.KeyLength, info: "CanPay key-encryption key"u8.ToArray());

    public void Dispose()
    {
        foreach (var key in Sealing.Values)
        {
            CryptographicOperations.ZeroMemory(key);
        }

        CryptographicOperations.ZeroMemory(Hash);
    }

    /// <param name="SealingKeys">Base64 of 32 bytes by version.</param>
    /// <param name="HashKey">Base64 of 32 bytes.</param>
    private sealed record Content(Dictionary<int, string?> SealingKeys, string HashKey);
}
