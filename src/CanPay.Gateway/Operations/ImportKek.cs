using System.CommandLine;
using System.Security.Cryptography;
using CanPay.Gateway.Acquiring.Keys;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Operations;

/// <summary>
/// <c>canpay keys import</c>: two custodians bring a key-encryption key in two components, neither of which tells anything of it.
/// Check values are shown, the key and the components never.
/// </summary>
internal static class ImportKek
{
    private const int Components = 2;

    public static Command Make()
    {
        var command = new Command("import", "Takes a key-encryption key in two components of 64 hexadecimal digits, typed or from standard input, and keeps it in the key file.");
        command.SetAction(async (_, ct) =>
        {
            await using var settings = Tool.OpenNothing();
            var file = Keks.FileOf(settings.Options<KeyOptions>(), settings.Folder);
            var key = new byte[SoftwareKek.KeyLength];
            for (var i = 1; i <= Components; i++)
            {
                var component = await Read($"Component {i} of {Components}: ", ct);
                Console.WriteLine($"Component {i} has the check value {KeyCheck.Of(component)}.");
                for (var j = 0; j < key.Length; j++)
                {
                    key[j] ^= component[j];
                }

                CryptographicOperations.ZeroMemory(component);
            }

            if (!key.AsSpan().ContainsAnyExcept((byte)0))
            {
                throw new StartException("The two components are the same: they make no key.");
            }

            var check = KeyCheck.Of(key);
            KeyFiles.Add(file, key);
            Console.WriteLine($"The key-encryption key has the check value {check} and is in {file}. It wraps from now on.");
            Console.WriteLine("If the installation has keys already, bring it to every node, then run: canpay keys rotate --kek");
            return CommandLine.Done;
        });
        return command;
    }

    /// <exception cref="StartException">It is no component.</exception>
    private static async Task<byte[]> Read(string prompt, CancellationToken ct)
    {
        var typed = new char[2 * SoftwareKek.KeyLength];
        var length = Console.IsInputRedirected ? await ReadLine(typed, ct) : ReadKeys(prompt, typed);
        try
        {
            return length == typed.Length
                ? Convert.FromHexString(typed)
                : throw new StartException($"A component has {typed.Length} hexadecimal digits. Nothing was changed.");
        }
        catch (FormatException)
        {
            throw new StartException($"A component has {typed.Length} hexadecimal digits. Nothing was changed.");
        }
        finally
        {
            Array.Clear(typed);
        }
    }

    /// <summary>Spaces between the digits count for nothing.</summary>
    /// <returns>How many there were, or one too many.</returns>
    private static async Task<int> ReadLine(char[] typed, CancellationToken ct)
    {
        var one = new char[1];
        var length = 0;
        while (await Console.In.ReadAsync(one.AsMemory(), ct) == 1 && one[0] != '\n')
        {
            length = Add(typed, length, one[0]);
        }

        return length;
    }

    private static int ReadKeys(string prompt, char[] typed)
    {
        Console.Write(prompt);
        var length = 0;
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            length = key.Key is ConsoleKey.Backspace ? Math.Max(0, length - 1) : Add(typed, length, key.KeyChar);
        }

        Console.WriteLine();
        return length;
    }

    private static int Add(char[] typed, int length, char character)
    {
        if (char.IsWhiteSpace(character))
        {
            return length;
        }

        if (length < typed.Length)
        {
            typed[length] = character;
        }

        return Math.Min(length + 1, typed.Length + 1);
    }
}
