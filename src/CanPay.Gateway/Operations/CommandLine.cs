using System.CommandLine;
using System.Data.Common;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Operations;

/// <summary>What <c>canpay</c> can be asked to do. Exit codes: 0 done, 1 no (or a violation found), 2 it could not be tried.</summary>
internal static class CommandLine
{
    public const int Done = 0;
    public const int No = 1;
    public const int CouldNot = 2;

    public static async Task<int> Run(string[] args)
    {
        var root = new RootCommand("CanPay, a payment facilitator's gateway. Settings come from the environment "
            + "(Section__Key=value), from canpay.json in the data folder, or from the command line (--Section:Key=value).")
        {
            ServeCommand.Make(),
            MerchantCommands.Make(),
            ApiKeyCommands.Make(),
            PaymentCommands.Make(),
            RefundCommands.Make(),
            LedgerCommands.Make(),
            HoldCommands.Make(),
            RiskCommand.Make(),
            WebhookCommands.Make(),
            ListenCommand.Make(),
            PageCheckCommand.Make(),
            StorageCommands.Make(),
            KeyCommands.Make(),
            DoctorCommand.Make(),
        };
        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,

                // The library would end the process two seconds after SIGTERM; the host waits for what the network still owes.
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception e) when (Explain(e) is { } line)
        {
            await Console.Error.WriteLineAsync("canpay: " + line);
            return CouldNot;
        }
    }

    /// <summary>One line for an operator, or null for a defect of ours, which keeps its stack trace.</summary>
    private static string? Explain(Exception e) => (e switch
    {
        StartException or StoreUnavailableException => e.Message,
        OptionsValidationException invalid => string.Join(" ", invalid.Failures),
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } =>
            $"{e.Message} Stop what uses it, or set Http:Urls (environment: Http__Urls) to another address.",
        InvalidDataException { InnerException: System.Text.Json.JsonException or FormatException } => $"{e.Message} {e.InnerException!.Message}",
        InvalidOperationException { InnerException: FormatException or ArgumentException } => e.Message + " Correct the setting.",
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } =>
            "A setting is not known (a typing error?): " + e.Message[(e.Message.LastIndexOf(':') + 1)..].Trim(),
        Npgsql.PostgresException { SqlState: "42501" } refused =>
            $"The database refused: {refused.MessageText}. The role has not the right; see \"Roles\" in docs/operations.md.",
        DbException => "The database refused: " + e.Message,
        _ => null,
    })?.ReplaceLineEndings(" ");
}
