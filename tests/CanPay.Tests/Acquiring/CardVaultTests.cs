using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CanPay.Gateway;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Acquiring.Keys;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Storage;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Tests.Acquiring;

/// <summary>What is sealed opens in its own row and nowhere else; the keys are in the books, wrapped, and the same on every node.</summary>
public sealed class CardVaultTests
{
    private const string Row = "632814000001";

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private static Pan APan => Pan.TryParse("5022290000087122", out var pan) ? pan : throw new InvalidOperationException();

    [Fact]
    public async Task A_card_opens_again_and_only_in_its_own_row()
    {
        using var books = new VaultBooks();
        using var vault = await books.Start(books.NewFolder());
        var sealedCard = vault.Seal(APan, "0912", Row);

        var (pan, expiry) = await vault.Open(sealedCard, Row, Ct);

        Assert.Equal("5022290000087122", pan.Reveal());
        Assert.Equal("0912", expiry);
        await Assert.ThrowsAsync<AuthenticationTagMismatchException>(async () => await vault.Open(sealedCard, "632814000002", Ct));
    }

    [Fact]
    public async Task A_sealed_card_that_was_changed_does_not_open()
    {
        using var books = new VaultBooks();
        using var vault = await books.Start(books.NewFolder());
        var sealedCard = vault.Seal(APan, "0912", Row);
        for (var i = 0; i < sealedCard.Length; i++)
        {
            sealedCard[i] ^= 1;
            await Assert.ThrowsAnyAsync<CryptographicException>(async () => await vault.Open(sealedCard, Row, Ct));
            sealedCard[i] ^= 1;
        }
    }

    [Fact]
    public async Task A_card_is_sealed_another_way_each_time_and_its_hash_is_keyed()
    {
        using var books = new VaultBooks();
        var folder = books.NewFolder();
        using var vault = await books.Start(folder);
        using var again = await books.Start(folder, mayMake: false);
        var pan = Encoding.ASCII.GetBytes("5022290000087122");

        Assert.NotEqual(vault.Seal(APan, "0912", "1"), vault.Seal(APan, "0912", "1"));
        Assert.Equal(vault.Hash(APan), again.Hash(APan));
        Assert.NotEqual(Convert.ToHexStringLower(SHA256.HashData(pan)), vault.Hash(APan));
        Assert.Equal("5022290000087122", (await again.Open(vault.Seal(APan, "0912", Row), Row, Ct)).Pan.Reveal());
    }

    [Theory]
    [InlineData(nameof(EngineKind.Sqlite))]
    [InlineData(nameof(EngineKind.Postgres))]
    public async Task Two_sealed_cards_that_change_places_open_in_neither(string engine)
    {
        using var books = new VaultBooks(Enum.Parse<EngineKind>(engine));
        using var vault = await books.Start(books.NewFolder());
        var ids = new[] { new string('a', 32), new string('b', 32) };
        var cards = ids.Select(id => vault.Seal(APan, "0912", "saved_cards/" + id)).Reverse().ToList();
        foreach (var (id, card) in ids.Zip(cards))
        {
            await books.Execute($"INSERT INTO saved_cards (id, owner, card_hash, sealed, mask, saved_at_ms, used_at_ms, proof_id) VALUES ({id}, {id}, 'h', {card}, 'm', 1, 1, 'p')");
        }

        await using var context = await books.Contexts.CreateDbContextAsync(Ct);
        foreach (var row in await context.SavedCards.AsNoTracking().ToListAsync(Ct))
        {
            await Assert.ThrowsAsync<AuthenticationTagMismatchException>(async () => await vault.Open(row.Sealed, "saved_cards/" + row.Id, Ct));
            Assert.Equal("5022290000087122", (await vault.Open(row.Sealed, "saved_cards/" + ids.Single(id => id != row.Id), Ct)).Pan.Reveal());
        }
    }

    [Theory]
    [InlineData(nameof(EngineKind.Sqlite))]
    [InlineData(nameof(EngineKind.Postgres))]
    public async Task Nodes_that_start_together_on_new_books_make_one_set_of_keys_which_stand_there_wrapped_only(string engine)
    {
        using var books = new VaultBooks(Enum.Parse<EngineKind>(engine));
        var folder = books.NewFolder();
        KeyFiles.MakeFirst(Keks.FileOf(new KeyOptions(), folder), () => RandomNumberGenerator.GetBytes(32));

        var vaults = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => books.Start(folder))));

        Assert.Single(vaults.Select(vault => vault.Hash(APan)).Distinct());
        Assert.Equal("5022290000087122", (await vaults[7].Open(vaults[0].Seal(APan, "0912", Row), Row, Ct)).Pan.Reveal());
        Assert.Equal(["Hash 1 Current", "Seal 1 Current"], await books.Ask("SELECT purpose || ' ' || version || ' ' || state FROM card_keys ORDER BY 1"));
        Assert.Equal(["60", "60"], await books.Ask("SELECT CAST(length(wrapped) AS text) FROM card_keys"));
    }

    [Fact]
    public async Task A_node_with_another_key_encryption_key_does_not_start()
    {
        using var books = new VaultBooks();
        using var first = await books.Start(books.NewFolder());

        var refused = await Assert.ThrowsAsync<StartException>(() => books.Start(books.NewFolder()));

        Assert.Contains("card keys are not those of the database", refused.Message, StringComparison.Ordinal);
        Assert.Contains("kek.txt", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrapped_key_that_takes_another_ones_place_is_refused()
    {
        using var books = new VaultBooks();
        var folder = books.NewFolder();
        using (await books.Start(folder))
        {
        }

        await books.Execute($"UPDATE card_keys SET wrapped = (SELECT other.wrapped FROM card_keys other WHERE other.purpose <> card_keys.purpose)");

        await Assert.ThrowsAsync<StartException>(() => books.Start(folder));
    }

    [Theory]
    [InlineData(nameof(EngineKind.Sqlite))]
    [InlineData(nameof(EngineKind.Postgres))]
    public async Task The_key_file_of_an_earlier_version_is_taken_over_by_all_nodes_that_have_it(string engine)
    {
        using var books = new VaultBooks(Enum.Parse<EngineKind>(engine));
        var earlier = new Earlier();
        await books.Execute($"INSERT INTO key_marks (name, mark) VALUES ('card-keys', {earlier.Mark})");
        var nodes = Enumerable.Range(0, 4).Select(_ => books.NewFolder()).ToList();
        nodes.ForEach(earlier.WriteTo);
        var (first, last) = (earlier.Seal(1, Row), earlier.Seal(2, Row));

        var vaults = await Task.WhenAll(nodes.Select(folder => Task.Run(() => books.Start(folder, mayMake: false))));

        foreach (var vault in vaults)
        {
            Assert.Equal(2, vault.CurrentVersion);
            Assert.Equal(earlier.Hash, vault.Hash(APan));
            Assert.Equal("5022290000087122", (await vault.Open(first, Row, Ct)).Pan.Reveal());
            Assert.Equal("5022290000087122", (await vault.Open(last, Row, Ct)).Pan.Reveal());
        }

        // Once they are taken over, the file is not needed.
        File.Delete(CardKeyFile.PathIn(nodes[0]));
        using var again = await books.Start(nodes[0], mayMake: false);
        Assert.Equal(earlier.Hash, again.Hash(APan));
    }

    [Fact]
    public async Task Books_of_an_earlier_version_are_refused_to_other_keys_and_to_none()
    {
        using var books = new VaultBooks();
        var (earlier, other) = (new Earlier(), books.NewFolder());
        await books.Execute($"INSERT INTO key_marks (name, mark) VALUES ('card-keys', {earlier.Mark})");
        new Earlier().WriteTo(other);

        var wrong = await Assert.ThrowsAsync<StartException>(() => books.Start(other));
        var none = await Assert.ThrowsAsync<StartException>(() => books.Start(books.NewFolder()));

        Assert.Contains("not those of the database", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("missing", none.Message, StringComparison.Ordinal);
        Assert.Empty(await books.Ask("SELECT purpose FROM card_keys"));
    }

    [Fact]
    public void Key_files_that_others_can_read_or_that_are_missing_stop_the_start()
    {
        using var books = new VaultBooks();
        var folder = books.NewFolder();
        var file = Keks.FileOf(new KeyOptions(), folder);
        Assert.Contains("missing", Refused(), StringComparison.Ordinal);
        Keks.Open(new KeyOptions(), folder, mayMake: true).Dispose();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.OtherRead);
        Assert.Contains("chmod", Refused(), StringComparison.Ordinal);
        foreach (var content in new[] { "{", "", "c2hvcnQ=" })
        {
            File.Delete(file);
            File.WriteAllText(file, content);
            File.SetUnixFileMode(file, UnixFileMode.UserRead);
            Assert.Contains(content.Length == 0 ? "empty" : "cannot be read", Refused(), StringComparison.Ordinal);
        }

        string Refused() => Assert.Throws<StartException>(() => Keks.Open(new KeyOptions(), folder, mayMake: false)).Message;
    }

    [Fact]
    public void A_key_may_come_from_the_settings_and_what_was_given_is_zeroed()
    {
        using var books = new VaultBooks();
        var key = RandomNumberGenerator.GetBytes(32);
        var check = KeyCheck.Of(key);

        using var keks = Keks.Open(new KeyOptions { Kek = Convert.ToBase64String(key) }, books.NewFolder(), mayMake: false);
        using var kek = new SoftwareKek(key);

        Assert.Equal(check, keks.Wrapping.CheckValue);
        Assert.Equal(check, kek.CheckValue);
        Assert.All(key, value => Assert.Equal(0, value));
        Assert.Contains("Keys:Kek", Assert.Throws<StartException>(() => Keks.Open(new KeyOptions { Kek = "abc" }, books.NewFolder(), mayMake: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_value_is_that_of_the_standard()
    {
        for (var i = 0; i < 50; i++)
        {
            var key = RandomNumberGenerator.GetBytes(32);
            var mac = new Org.BouncyCastle.Crypto.Macs.CMac(new Org.BouncyCastle.Crypto.Engines.AesEngine());
            mac.Init(new Org.BouncyCastle.Crypto.Parameters.KeyParameter(key));
            mac.BlockUpdate(new byte[16], 0, 16);
            var expected = new byte[16];
            mac.DoFinal(expected, 0);

            Assert.Equal(Convert.ToHexString(expected, 0, 5), KeyCheck.Of(key));
        }
    }

    /// <summary>Keys as earlier versions had them, and cards as they sealed them.</summary>
    private sealed class Earlier
    {
        private readonly Dictionary<int, byte[]> _sealing = new() { [1] = RandomNumberGenerator.GetBytes(32), [2] = RandomNumberGenerator.GetBytes(32) };
        private readonly byte[] _hash = RandomNumberGenerator.GetBytes(32);

        public string Mark => Convert.ToHexStringLower(HMACSHA256.HashData(_hash, (byte[])[.. "CanPay card keys"u8, .. _sealing[1]]));

        public string Hash => Convert.ToHexStringLower(HMACSHA256.HashData(_hash, "5022290000087122"u8));

        public void WriteTo(DataFolder folder)
        {
            var file = CardKeyFile.PathIn(folder);
            Directory.CreateDirectory(folder.KeysFolder);
            File.WriteAllText(file, JsonSerializer.Serialize(new
            {
                SealingKeys = _sealing.ToDictionary(key => key.Key, key => Convert.ToBase64String(key.Value)),
                HashKey = Convert.ToBase64String(_hash),
            }));
            File.SetUnixFileMode(file, UnixFileMode.UserRead);
        }

        public byte[] Seal(int version, string place)
        {
            var clear = "5022290000087122=0912"u8;
            var blob = new byte[32 + clear.Length];
            BinaryPrimitives.WriteInt32BigEndian(blob, version);
            RandomNumberGenerator.Fill(blob.AsSpan(4, 12));
            using var cipher = new AesGcm(_sealing[version], 16);
            cipher.Encrypt(blob.AsSpan(4, 12), clear, blob.AsSpan(32), blob.AsSpan(16, 16), Encoding.ASCII.GetBytes($"{place}/{version}"));
            return blob;
        }
    }
}
