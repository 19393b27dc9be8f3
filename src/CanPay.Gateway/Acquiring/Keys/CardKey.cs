using System.Buffers.Binary;

namespace CanPay.Gateway.Acquiring.Keys;

/// <summary>A key of the card vault as it stands in the database.</summary>
/// <param name="Version">From 1; of each purpose.</param>
/// <param name="Kek">Check value of the key-encryption key that wraps it.</param>
/// <param name="Wrapped">Null once it is retired.</param>
internal sealed record CardKey(
    KeyPurpose Purpose, int Version, KeyState State, string Kek, byte[]? Wrapped, DateTimeOffset CreatedAt, DateTimeOffset? RetiredAt = null)
{
    /// <summary>What is wrapped, for the key-encryption key.</summary>
    public string Place => $"card_keys/{Purpose}/{Version}";

    /// <summary>The first bytes of whatever it sealed.</summary>
    public static byte[] Head(int version)
    {
        var head = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(head, version);
        return head;
    }
}

/// <summary>What a card key is for. The names are stored.</summary>
internal enum KeyPurpose
{
    /// <summary>Card number and expiry are encrypted with it.</summary>
    Seal,

    /// <summary>Card numbers and mobiles are recognised by it. It never changes: nothing would be recognised any more.</summary>
    Hash,
}

/// <summary>The names are stored.</summary>
internal enum KeyState
{
    /// <summary>It seals, and opens.</summary>
    Current,

    /// <summary>It opens. A node that has not heard of its successor yet may still seal with it.</summary>
    Old,

    /// <summary>It opens. The database takes nothing new that it sealed.</summary>
    Closed,

    /// <summary>No row needs it, and it is gone.</summary>
    Retired,
}

/// <summary>Where card keys are kept, wrapped.</summary>
internal interface ICardKeyStore
{
    /// <summary>All of them, also the retired ones.</summary>
    Task<IReadOnlyList<CardKey>> All(CancellationToken ct);

    /// <summary>Adds all of them or none.</summary>
    /// <returns>False where another node was quicker: its keys count.</returns>
    Task<bool> TryAddFirst(IReadOnlyList<CardKey> keys, CancellationToken ct);

    /// <summary>What an earlier version left of its <see cref="CardKeyFile"/>; null in books that it never opened.</summary>
    Task<string?> FindMark(CancellationToken ct);
}
