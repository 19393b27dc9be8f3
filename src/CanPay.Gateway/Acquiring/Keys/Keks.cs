using System.Security.Cryptography;
using System.Text;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Acquiring.Keys;

/// <summary>The key-encryption keys that this node has. The first wraps; all open.</summary>
internal sealed class Keks : IDisposable
{
    private readonly IReadOnlyList<IKek> _all;
    private readonly string _source;
    private readonly Pkcs11Token? _token;

    private Keks(IReadOnlyList<IKek> all, string source, Pkcs11Token? token)
    {
        _all = all;
        _source = source;
        _token = token;
    }

    /// <summary>The one that wraps.</summary>
    public IKek Wrapping => _all[0];

    /// <summary>Finds them where the settings say. In the sandbox, and for an installation of an earlier version, the file is made where it is missing.</summary>
    /// <exception cref="StartException">There is none, or one cannot be used.</exception>
    public static Keks Open(KeyOptions options, DataFolder folder, bool mayMake)
    {
        var all = new List<IKek>();
        var token = HasToken(options) ? Pkcs11Token.Open(options) : null;
        try
        {
            if (token is not null)
            {
                all.AddRange(Labels(options).Select(label => new TokenKek(token, label)));
            }

            if (!string.IsNullOrWhiteSpace(options.Kek))
            {
                all.Add(new SoftwareKek(KeyFiles.Parse(Encoding.UTF8.GetBytes(options.Kek.Trim())) ?? throw new StartException(
                    "Keys:Kek takes base64 of 32 bytes, for example from: openssl rand -base64 32 (environment: Keys__Kek)")));
            }

            var file = FileOf(options, folder);
            if (all.Count == 0)
            {
                MakeFile(file, folder, mayMake);
            }

            if (File.Exists(file))
            {
                all.AddRange(KeyFiles.ReadKeks(file).Select(key => new SoftwareKek(key)));
            }

            return new Keks(all, file, token);
        }
        catch
        {
            all.ForEach(kek => kek.Dispose());
            token?.Dispose();
            throw;
        }
    }

    /// <summary>Makes a key-encryption key where the one that wraps is: in the token, or in the file.</summary>
    /// <returns>Its check value, and where it is.</returns>
    public static (string CheckValue, string Place) Make(KeyOptions options, DataFolder folder)
    {
        if (HasToken(options))
        {
            using var token = Pkcs11Token.Open(options);
            var label = Labels(options)[0];
            using var made = TokenKek.Make(token, label);
            return (made.CheckValue, $"the token {options.Pkcs11Token}, as {label}");
        }

        if (!string.IsNullOrWhiteSpace(options.Kek))
        {
            throw new StartException("Keys:Kek is set and wraps: make another by openssl rand -base64 32, and put it there.");
        }

        var key = RandomNumberGenerator.GetBytes(SoftwareKek.KeyLength);
        var check = KeyCheck.Of(key);
        KeyFiles.Add(FileOf(options, folder), key);
        return (check, FileOf(options, folder));
    }

    public static string FileOf(KeyOptions options, DataFolder folder) =>
        string.IsNullOrWhiteSpace(options.KekFile) ? Path.Combine(folder.KeysFolder, "kek.txt") : Path.GetFullPath(options.KekFile);

    /// <summary>Wraps a key for the database.</summary>
    /// <param name="key">32 bytes; stays as it is.</param>
    public CardKey Wrap(KeyPurpose purpose, int version, KeyState state, byte[] key, DateTimeOffset now)
    {
        var clear = new CardKey(purpose, version, state, Wrapping.CheckValue, null, now);
        return clear with { Wrapped = Wrapping.Wrap(key, clear.Place) };
    }

    /// <returns>32 bytes that the caller zeroes.</returns>
    /// <exception cref="StartException">This node has not the key-encryption key.</exception>
    public byte[] Unwrap(CardKey key)
    {
        try
        {
            if (_all.FirstOrDefault(kek => kek.CheckValue == key.Kek) is { } kek)
            {
                return kek.Unwrap(key.Wrapped!, key.Place);
            }
        }
        catch (CryptographicException)
        {
            // Of another key that happens to have the same check value, or changed: not ours either way.
        }

        throw new StartException(
            "This node's card keys are not those of the database: it could not reverse what other nodes began. The key of version "
            + $"{key.Version} is wrapped by the key-encryption key {key.Kek}; this node has {string.Join(", ", _all.Select(kek => kek.CheckValue))}. "
            + $"Copy {_source} from a node that works.");
    }

    public void Dispose()
    {
        foreach (var kek in _all)
        {
            kek.Dispose();
        }

        _token?.Dispose();
    }

    private static bool HasToken(KeyOptions options) => !string.IsNullOrWhiteSpace(options.Pkcs11Library);

    private static string[] Labels(KeyOptions options) => options.Pkcs11Label.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } labels
        ? labels
        : throw new StartException("Keys:Pkcs11Label names no key.");

    private static void MakeFile(string file, DataFolder folder, bool mayMake)
    {
        if (File.Exists(file))
        {
            return;
        }

        using var earlier = CardKeyFile.Find(folder);
        if (earlier is null && !mayMake)
        {
            throw new StartException(
                $"The key-encryption key {file} is missing. Restore it from where it is kept: without it nothing that was sealed can be "
                + "reversed. A new installation makes one by canpay keys import, or canpay keys make.");
        }

        KeyFiles.MakeFirst(file, () => earlier?.FirstKek() ?? RandomNumberGenerator.GetBytes(SoftwareKek.KeyLength));
    }
}
