using CanPay.Gateway;

await using var app = GatewayHost.Build([.. args.SkipWhile(arg => arg == "serve")], Roles.All);
await GatewayHost.Start(app, CancellationToken.None);
await app.WaitForShutdownAsync();
