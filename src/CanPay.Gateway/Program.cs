using CanPay.Gateway.Operations;

return await CommandLine.Run(args);
