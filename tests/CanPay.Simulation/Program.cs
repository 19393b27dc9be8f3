return CanPay.Simulation.Commands.Run(args);
