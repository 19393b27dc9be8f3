using System.ComponentModel.DataAnnotations;

namespace CanPay.Gateway;

/// <summary>
/// Section <c>Keys</c>: where the key-encryption keys are that wrap the card keys of the database. All that are named here open;
/// the one that wraps is the token's, else <see cref="Kek"/>, else the last of the file.
/// </summary>
public sealed class KeyOptions
{
    public const string Section = "Keys";

    /// <summary>A key-encryption key as base64 of 32 bytes, best given by the environment (<c>Keys__Kek</c>).</summary>
    /// <value>Default: none.</value>
    public string? Kek { get; set; }

    /// <summary>A file of key-encryption keys, base64 of 32 bytes a line, readable by this user alone.</summary>
    /// <value>Default: <c>keys/kek.txt</c> in the data folder.</value>
    public string? KekFile { get; set; }

    /// <summary>The PKCS#11 library of a hardware security module, such as <c>/usr/lib/softhsm/libsofthsm2.so</c>.</summary>
    /// <value>Default: none.</value>
    public string? Pkcs11Library { get; set; }

    /// <summary>Label of the token in it.</summary>
    public string? Pkcs11Token { get; set; }

    /// <summary>The user's PIN at the token, best given by the environment (<c>Keys__Pkcs11Pin</c>).</summary>
    public string? Pkcs11Pin { get; set; }

    /// <summary>A file with the PIN, readable by this user alone; counts where <see cref="Pkcs11Pin"/> is not set.</summary>
    public string? Pkcs11PinFile { get; set; }

    /// <summary>Labels of key-encryption keys in the token, separated by commas: the first wraps, all open.</summary>
    /// <value>Default canpay-kek.</value>
    [Required]
    public string Pkcs11Label { get; set; } = "canpay-kek";

    /// <summary>Seconds after which a node looks again whether there are new card keys. The same on all nodes and for <c>keys rotate</c>.</summary>
    /// <value>Default 2.</value>
    [Range(1, 60)]
    public int RefreshSeconds { get; set; } = 2;

    /// <summary>Sealed cards that <c>keys rotate</c> seals anew in one go.</summary>
    /// <value>Default 200.</value>
    [Range(1, 10_000)]
    public int RotateBatchRows { get; set; } = 200;

    /// <summary>Milliseconds that it leaves to payments between two of them.</summary>
    /// <value>Default 20.</value>
    [Range(0, 60_000)]
    public int RotatePauseMs { get; set; } = 20;
}
