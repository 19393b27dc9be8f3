using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CanPay.Gateway;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Acquiring.Keys;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Operations;
using Net.Pkcs11Interop.Common;

namespace CanPay.Tests.Acquiring;

/// <summary>The key-encryption key in a token, tried on a software token of its own (SoftHSM).</summary>
public sealed partial class TokenKekTests : IDisposable
{
    private const string Pin = "48151623";

    /// <summary>One for each test.</summary>
    private const int Tokens = 8;

    private static int _taken = -1;

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    /// <summary>Of a process the library is one, and it reads its settings once: all tests share the folder of the tokens.</summary>
    private static readonly Lazy<string> Library = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("canpay-softhsm-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(Path.Combine(folder, "tokens"));
        var settings = Path.Combine(folder, "softhsm2.conf");
        File.WriteAllText(settings, $"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n");
        Environment.SetEnvironmentVariable("SOFTHSM2_CONF", settings); // for processes that are started
        Assert.Equal(0, SetEnvironment("SOFTHSM2_CONF", settings, 1)); // for the library in this one

        // It knows only the tokens that are there when it is loaded.
        for (var i = 0; i < Tokens; i++)
        {
            using var made = Process.Start(new ProcessStartInfo("softhsm2-util", ["--init-token", "--free", "--label", $"canpay-{i}", "--pin", Pin, "--so-pin", "31415926"])
            {
                RedirectStandardOutput = true,
            })!;
            made.WaitForExit();
            Assert.Equal(0, made.ExitCode);
        }

        return new[] { "/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so", "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so" }.First(File.Exists);
    });

    private readonly VaultBooks _books = new();
    private readonly KeyOptions _options;

    public TokenKekTests()
    {
        _options = new KeyOptions { Pkcs11Library = Library.Value, Pkcs11Token = $"canpay-{Interlocked.Increment(ref _taken)}", Pkcs11Pin = Pin, RefreshSeconds = 1 };
    }

    private static Pan APan => Pan.TryParse("5022290000087122", out var pan) ? pan : throw new InvalidOperationException();

    public void Dispose() => _books.Dispose();

    [Fact]
    public async Task A_vault_on_a_token_seals_opens_and_gets_new_keys()
    {
        var folder = _books.NewFolder();
        var (check, place) = Keks.Make(_options, folder);
        using var vault = await _books.Start(folder, mayMake: false, _options);
        var card = vault.Seal(APan, "0912", "saved_cards/" + new string('a', 32));
        await _books.Execute($"INSERT INTO saved_cards (id, owner, card_hash, sealed, mask, saved_at_ms, used_at_ms, proof_id) VALUES ({new string('a', 32)}, 'o', 'h', {card}, 'm', 1, 1, 'p')");

        Assert.Contains(_options.Pkcs11Token!, place, StringComparison.Ordinal);
        Assert.Equal([check, check], await _books.Ask("SELECT kek FROM card_keys"));
        Assert.False(Directory.Exists(folder.KeysFolder));
        using var rotating = await _books.Start(folder, mayMake: false, _options);
        var said = new List<string>();
        Assert.True(
            await new KeyRotation(new Gateway.Storage.Sqlite.SqliteEngine("unused"), _books.Contexts, rotating, _options, TimeProvider.System, said.Add).Run(Ct),
            string.Join('\n', said));
        using var after = await _books.Start(folder, mayMake: false, _options);
        Assert.Equal(2, after.CurrentVersion);
        Assert.Equal(vault.Hash(APan), after.Hash(APan));
    }

    [Fact]
    public void The_key_cannot_be_read_nor_taken_out()
    {
        Keks.Make(_options, _books.NewFolder());
        using var token = Pkcs11Token.Open(_options);
        var (isSensitive, isExtractable, value) = token.Ask(session =>
        {
            var key = session.FindAllObjects([session.Factories.ObjectAttributeFactory.Create(CKA.CKA_LABEL, _options.Pkcs11Label)]).Single();
            return (
                session.GetAttributeValue(key, [CKA.CKA_SENSITIVE])[0].GetValueAsBool(),
                session.GetAttributeValue(key, [CKA.CKA_EXTRACTABLE])[0].GetValueAsBool(),
                session.GetAttributeValue(key, [CKA.CKA_VALUE])[0]);
        });

        Assert.True(isSensitive);
        Assert.False(isExtractable);
        Assert.True(value.CannotBeRead);
    }

    [Fact]
    public void What_the_token_wrapped_opens_as_what_it_was_wrapped_and_not_when_changed()
    {
        Keks.Make(_options, _books.NewFolder());
        using var token = Pkcs11Token.Open(_options);
        using var kek = new TokenKek(token, _options.Pkcs11Label);
        var key = RandomNumberGenerator.GetBytes(32);
        var wrapped = kek.Wrap(key, "card_keys/Seal/1");

        Assert.Equal(key, kek.Unwrap(wrapped, "card_keys/Seal/1"));
        Assert.Throws<CryptographicException>(() => kek.Unwrap(wrapped, "card_keys/Seal/2"));
        wrapped[20] ^= 1;
        Assert.Throws<CryptographicException>(() => kek.Unwrap(wrapped, "card_keys/Seal/1"));
    }

    [Fact]
    public async Task An_installation_moves_from_its_key_file_to_a_token()
    {
        var folder = _books.NewFolder();
        using var before = await _books.Start(folder);
        var card = before.Seal(APan, "0912", "row");
        Keks.Make(_options, folder);
        using (var both = Keks.Open(_options, folder, mayMake: false))
        {
            await using var context = await _books.Contexts.CreateDbContextAsync(Ct);
            Assert.Equal(2, await KekRotation.Run(context, both, Ct));
        }

        Directory.Delete(folder.KeysFolder, recursive: true);
        using var after = await _books.Start(folder, mayMake: false, _options);

        Assert.Equal("5022290000087122", (await after.Open(card, "row", Ct)).Pan.Reveal());
        Assert.Equal(before.Hash(APan), after.Hash(APan));
    }

    [Fact]
    public void What_is_wrong_with_a_token_is_said()
    {
        var folder = _books.NewFolder();
        Assert.Contains("keys make", Refused(_options), StringComparison.Ordinal);
        Keks.Make(_options, folder);
        Assert.Contains("has a key", Assert.Throws<StartException>(() => Keks.Make(_options, folder)).Message, StringComparison.Ordinal);
        Assert.Contains("Pkcs11Token", Refused(With(token: "nowhere")), StringComparison.Ordinal);
        Assert.Contains("Keys:Pkcs11Pin", Refused(With(pin: null)), StringComparison.Ordinal);
        Assert.Contains("cannot be used", Refused(new KeyOptions { Pkcs11Library = "/nowhere.so", Pkcs11Token = "x", Pkcs11Pin = Pin }), StringComparison.Ordinal);

        string Refused(KeyOptions options) => Assert.Throws<StartException>(() => Keks.Open(options, folder, mayMake: false)).Message;

        KeyOptions With(string? token = null, string? pin = Pin) =>
            new() { Pkcs11Library = _options.Pkcs11Library, Pkcs11Token = token ?? _options.Pkcs11Token, Pkcs11Pin = pin };
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
