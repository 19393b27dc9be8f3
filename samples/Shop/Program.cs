using CanPay.Samples.Shop;

try
{
    await using var app = ShopHost.Build(args);
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException
    or Microsoft.Extensions.Options.OptionsValidationException)
{
    var taken = e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException;
    await Console.Error.WriteLineAsync("shop: " + (taken
        ? "the port is taken. Stop what uses it, or set Shop__Url to another address."
        : e.Message.ReplaceLineEndings(" ")));
    return 1;
}
