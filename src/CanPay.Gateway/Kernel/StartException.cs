namespace CanPay.Gateway.Kernel;

/// <summary>The program cannot start as it is set up. The message is one line that says what is wrong and what to do.</summary>
public sealed class StartException : Exception
{
    public StartException(string message)
        : base(message)
    {
    }
}
