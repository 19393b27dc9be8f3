using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CanPay.Gateway.Acquiring.Keys;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Acquiring.Direct;

/// <summary>Seals card number and expiry for as long as a payment may have to be reversed, and recognises cards by a keyed hash.</summary>
/// <remarks>
/// AES-256-GCM with a random nonce; the row it belongs to and the key's version are authenticated, so that a sealed card moved
/// to another row does not open. On disk: version (4 bytes), nonce (12), tag (16), ciphertext. The keys come from the database,
/// where they are wrapped; nobody waits for it to seal or to hash.
/// </remarks>
internal sealed class CardVault(ICardKeyStore store, Keks keks, DataFolder folder, TimeProvider clock) : IDisposable
{
    private const int VersionLength = 4;
    private const int HeadLength = VersionLength + SoftwareKek.NonceLength + SoftwareKek.TagLength;

    /// <summary>Whoever read a row before its key was retired may still be opening it.</summary>
    private static readonly TimeSpan RetiredKeptFor = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile KeySet? _keys;

    /// <summary>The keys are there.</summary>
    public bool IsLoaded => _keys is not null;

    /// <summary>The version that seals now.</summary>
    public int CurrentVersion => Keys.Current.Version;

    private KeySet Keys => _keys ?? throw new InvalidOperationException("The card keys are in the books, and they are not open yet.");

    /// <summary>Reads the keys; in new books they are made, in those of an earlier version taken over from <see cref="CardKeyFile"/>.</summary>
    /// <exception cref="StartException">They cannot be unwrapped with what this node has, or are lost.</exception>
    public async Task Load(CancellationToken ct)
    {
        if ((await store.All(ct)).Count == 0)
        {
            await MakeFirst(ct);
        }

        await Refresh(ct);
    }

    /// <summary>Learns of new keys. What a new key cannot be unwrapped with changes nothing.</summary>
    /// <exception cref="StartException">There is a new key, and this node cannot unwrap it.</exception>
    public async Task Refresh(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            Install(await store.All(ct));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Keyed hash of a card number, in hexadecimal: the same card has the same hash in this installation only.</summary>
    public string Hash(Pan pan) => Convert.ToHexStringLower(HMACSHA256.HashData(Keys.Hash, Encoding.ASCII.GetBytes(pan.Reveal())));

    /// <summary>Keyed hash of a secret that is no card number, for one purpose.</summary>
    public string Hash(string purpose, string secret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Keys.Hash, Encoding.UTF8.GetBytes($"{purpose}|{secret}")));

    /// <summary>Seals number and expiry, never CVV2 or PIN.</summary>
    /// <param name="place">Table and row that it belongs to, such as <c>saved_cards/17</c>.</param>
    public byte[] Seal(Pan pan, string expiry, string place)
    {
        var clear = Encoding.ASCII.GetBytes($"{pan.Reveal()}={expiry}");
        var blob = Seal(clear, place);
        CryptographicOperations.ZeroMemory(clear);
        return blob;
    }

    /// <summary>Waits for the database only where the key is one that this node has not heard of.</summary>
    /// <exception cref="CryptographicException">It was not sealed for this row by this installation, or was changed.</exception>
    public async ValueTask<(Pan Pan, string Expiry)> Open(byte[] blob, string place, CancellationToken ct)
    {
        var clear = await Clear(blob, place, ct);
        var parts = Encoding.ASCII.GetString(clear).Split('=');
        CryptographicOperations.ZeroMemory(clear);
        return parts.Length == 2 && Pan.TryParse(parts[0], out var pan)
            ? (pan, parts[1])
            : throw new CryptographicException("The sealed card holds no card.");
    }

    /// <summary>The same card for the same row under the key that seals now.</summary>
    /// <inheritdoc cref="Open"/>
    public async ValueTask<byte[]> SealAnew(byte[] blob, string place, CancellationToken ct)
    {
        var clear = await Clear(blob, place, ct);
        var anew = Seal(clear, place);
        CryptographicOperations.ZeroMemory(clear);
        return anew;
    }

    /// <summary>A new key to seal with, wrapped for the database.</summary>
    public CardKey NewKey(int version)
    {
        var key = RandomNumberGenerator.GetBytes(SoftwareKek.KeyLength);
        var wrapped = keks.Wrap(KeyPurpose.Seal, version, KeyState.Current, key, clock.GetUtcNow());
        CryptographicOperations.ZeroMemory(key);
        return wrapped;
    }

    public void Dispose()
    {
        if (_keys is { } keys)
        {
            keys.Dispose();
        }

        _turn.Dispose();
    }

    /// <summary>Where the card of a purchase belongs.</summary>
    public static string PlaceOf(string rrn) => "authorizations/" + rrn;

    private byte[] Seal(ReadOnlySpan<byte> clear, string place)
    {
        var key = Keys.Current;
        var blob = new byte[HeadLength + clear.Length];
        BinaryPrimitives.WriteInt32BigEndian(blob, key.Version);
        RandomNumberGenerator.Fill(blob.AsSpan(VersionLength, SoftwareKek.NonceLength));
        key.Encrypt(
            blob.AsSpan(VersionLength, SoftwareKek.NonceLength),
            clear,
            blob.AsSpan(HeadLength),
            blob.AsSpan(VersionLength + SoftwareKek.NonceLength, SoftwareKek.TagLength),
            Row(place, key.Version));
        return blob;
    }

    private async ValueTask<byte[]> Clear(byte[] blob, string place, CancellationToken ct)
    {
        var version = blob.Length > HeadLength ? BinaryPrimitives.ReadInt32BigEndian(blob) : 0;
        if (version > 0 && !Keys.Sealing.ContainsKey(version))
        {
            await Refresh(ct);
        }

        if (!Keys.Sealing.TryGetValue(version, out var key))
        {
            throw new CryptographicException("The sealed card names a key that this installation does not have.");
        }

        var clear = new byte[blob.Length - HeadLength];
        key.Decrypt(
            blob.AsSpan(VersionLength, SoftwareKek.NonceLength),
            blob.AsSpan(HeadLength),
            blob.AsSpan(VersionLength + SoftwareKek.NonceLength, SoftwareKek.TagLength),
            clear,
            Row(place, version));
        return clear;
    }

    private static byte[] Row(string place, int version) => Encoding.ASCII.GetBytes($"{place}/{version}");

    /// <summary>Of nodes that start together on the same books one makes the keys, and all use them.</summary>
    private async Task MakeFirst(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        using var earlier = CardKeyFile.Find(folder);
        if (await store.FindMark(ct) is { } mark && mark != earlier?.Mark)
        {
            throw new StartException(earlier is null
                ? $"The card keys of these books are missing. Restore {CardKeyFile.PathIn(folder)} from where it is kept: without it nothing that was sealed can be reversed."
                : $"This node's card keys are not those of the database: it could not reverse what other nodes began. Copy {CardKeyFile.PathIn(folder)} from a node that works.");
        }

        var hash = earlier?.Hash ?? RandomNumberGenerator.GetBytes(SoftwareKek.KeyLength);
        var sealing = earlier?.Sealing ?? new Dictionary<int, byte[]> { [1] = RandomNumberGenerator.GetBytes(SoftwareKek.KeyLength) };
        var current = sealing.Keys.Max();
        await store.TryAddFirst(
            [
                keks.Wrap(KeyPurpose.Hash, 1, KeyState.Current, hash, now),
                .. sealing.Select(key => keks.Wrap(KeyPurpose.Seal, key.Key, key.Key == current ? KeyState.Current : KeyState.Old, key.Value, now)),
            ],
            ct);
        CryptographicOperations.ZeroMemory(hash);
        foreach (var key in sealing.Values)
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>What was unwrapped before is not unwrapped again.</summary>
    private void Install(IReadOnlyList<CardKey> rows)
    {
        var before = _keys;
        var current = rows.SingleOrDefault(row => row is { Purpose: KeyPurpose.Seal, State: KeyState.Current })
            ?? throw new StartException("The books have no card key to seal with. Restore them from a backup.");
        var isKnown = before is not null && before.Sealing.Count == rows.Count(IsThere) && before.Current.Version == current.Version
            && rows.Where(IsThere).All(row => before.Sealing.ContainsKey(row.Version));
        if (isKnown)
        {
            return;
        }

        var sealing = new Dictionary<int, SealingKey>();
        foreach (var row in rows.Where(IsThere))
        {
            if (before?.Sealing.GetValueOrDefault(row.Version) is { } known)
            {
                sealing.Add(row.Version, known);
            }
            else if (row.Wrapped is not null)
            {
                sealing.Add(row.Version, new SealingKey(row.Version, keks.Unwrap(row)));
            }
        }

        _keys = new KeySet(sealing, sealing[current.Version], before?.Hash ?? keks.Unwrap(rows.Single(row => row.Purpose is KeyPurpose.Hash)));
        foreach (var gone in before?.Sealing.Values.Except(sealing.Values) ?? [])
        {
            gone.Dispose();
        }

        bool IsThere(CardKey row) => row.Purpose is KeyPurpose.Seal
            && (row.Wrapped is not null || (row.RetiredAt > clock.GetUtcNow() - RetiredKeptFor && before?.Sealing.ContainsKey(row.Version) is true));
    }

    /// <summary>The keys of a moment.</summary>
    private sealed record KeySet(IReadOnlyDictionary<int, SealingKey> Sealing, SealingKey Current, byte[] Hash)
    {
        public void Dispose()
        {
            foreach (var key in Sealing.Values)
            {
                key.Dispose();
            }

            CryptographicOperations.ZeroMemory(Hash);
        }
    }
}
