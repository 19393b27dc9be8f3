using System.CommandLine;
using CanPay.Gateway.Acquiring.Keys;
using CanPay.Gateway.Storage;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace CanPay.Gateway.Operations;

/// <summary><c>canpay keys show|rotate|make|import</c>: the keys of the card vault. None of them ever shows a key.</summary>
internal static class KeyCommands
{
    public static Command Make() => new("keys", "The keys that seal cards, and the key-encryption keys that wrap them.") { Show(), Rotate(), MakeKek(), ImportKek.Make() };

    private static Command Show()
    {
        var json = new Option<bool>("--json") { Description = "For programs." };
        var command = new Command("show", "Versions, their states, what wraps them, and how many cards each has sealed. No key material.") { json };
        command.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            await using var books = await tool.Books(ct);
            var lines = new List<KeyLine>();
            foreach (var row in await books.CardKeys.AsNoTracking().OrderBy(row => row.Purpose).ThenBy(row => row.Version).ToListAsync(ct))
            {
                var counts = new long[SealedCards.All.Count];
                for (var i = 0; i < counts.Length && row.Head is not null; i++)
                {
                    counts[i] = await SealedCards.All[i].Count(books, row.Head, ct);
                }

                lines.Add(new KeyLine(row.Purpose, row.Version, row.State, row.Wrapped is null ? null : row.Kek, counts[0], counts[1], counts[2], Tool.Time(row.CreatedAtMs), Tool.Time(row.RetiredAtMs)));
            }

            if (parsed.GetValue(json))
            {
                Tool.PrintJson(lines);
                return CommandLine.Done;
            }

            var table = new Table().AddColumns("purpose", "version", "state", "wrapped by", "open payments", "saved cards", "for refunds", "made", "retired");
            foreach (var line in lines)
            {
                table.AddRow(line.Purpose, $"{line.Version}", line.State, line.Kek ?? "", $"{line.OpenPayments}", $"{line.SavedCards}", $"{line.ForRefunds}", line.Made, line.Retired);
            }

            Tool.Print(table);
            return CommandLine.Done;
        });
        return command;
    }

    private static Command Rotate()
    {
        var kek = new Option<bool>("--kek") { Description = "Only wraps the keys anew, by the key-encryption key that wraps now by the settings." };
        var command = new Command("rotate", "A new key seals from now on, everything is sealed anew, and the old key is deleted. May run beside serve, and again.") { kek };
        command.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            if (parsed.GetValue(kek))
            {
                await using var books = await tool.Books(ct);
                var wrapped = await KekRotation.Run(books, tool.Keks, ct);
                Console.WriteLine($"{wrapped} keys were wrapped anew; all are wrapped by {tool.Keks.Wrapping.CheckValue}. No node needs another key-encryption key any more.");
                return CommandLine.Done;
            }

            var rotation = new KeyRotation(tool.Engine, tool.Contexts, tool.Vault, tool.Options<KeyOptions>(), tool.Clock, Console.WriteLine);
            return await rotation.Run(ct) ? CommandLine.Done : CommandLine.No;
        });
        return command;
    }

    private static Command MakeKek()
    {
        var command = new Command("make", "Makes a key-encryption key in the token, or in the key file. It wraps from then on; those before it still open.");
        command.SetAction(async (_, _) =>
        {
            await using var settings = Tool.OpenNothing();
            var (check, place) = Keks.Make(settings.Options<KeyOptions>(), settings.Folder);
            Console.WriteLine($"The key-encryption key {check} is in {place}. See that every node has it, then run: canpay keys rotate --kek");
            return CommandLine.Done;
        });
        return command;
    }

    private sealed record KeyLine(string Purpose, int Version, string State, string? Kek, long OpenPayments, long SavedCards, long ForRefunds, string Made, string Retired);
}
