using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CanPay.Gateway.Kernel;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using ISession = Net.Pkcs11Interop.HighLevelAPI.ISession;

namespace CanPay.Gateway.Acquiring.Keys;

/// <summary>A token of a hardware security module, by PKCS#11, with one session in which the user is logged in.</summary>
internal sealed class Pkcs11Token : IDisposable
{
    /// <summary>Of a process each library is one: what one user of it ends is ended for all, so nobody does.</summary>
    private static readonly ConcurrentDictionary<string, Lazy<IPkcs11Library>> Libraries = new(StringComparer.Ordinal);

    private readonly Lock _lock = new();
    private readonly ISlot _slot;
    private readonly string _pin;
    private ISession _session;

    /// <summary>The library asks for libdl by a name that newer systems have only with its number.</summary>
    static Pkcs11Token() => NativeLibrary.SetDllImportResolver(
        typeof(Pkcs11InteropFactories).Assembly,
        (name, _, _) => name == "libdl" && OperatingSystem.IsLinux() ? NativeLibrary.Load("libdl.so.2") : IntPtr.Zero);

    private Pkcs11Token(ISlot slot, string pin)
    {
        _slot = slot;
        _pin = pin;
        _session = LogIn();
    }

    /// <exception cref="StartException">It is not there, or does not let us in.</exception>
    public static Pkcs11Token Open(KeyOptions options)
    {
        var label = options.Pkcs11Token ?? throw new StartException("Keys:Pkcs11Library is set, so Keys:Pkcs11Token must name the token.");
        try
        {
            var library = Libraries.GetOrAdd(options.Pkcs11Library!, path => new Lazy<IPkcs11Library>(() =>
                new Pkcs11InteropFactories() is var factories ? factories.Pkcs11LibraryFactory.LoadPkcs11Library(factories, path, AppType.MultiThreaded) : null!)).Value;
            var slot = library.GetSlotList(SlotsType.WithTokenPresent).FirstOrDefault(slot => slot.GetTokenInfo().Label.Trim() == label);
            return slot is null
                ? throw new StartException($"The library {options.Pkcs11Library} has no token {label}. Check Keys:Pkcs11Token.")
                : new Pkcs11Token(slot, Pin(options));
        }
        catch (Exception e) when (e is Pkcs11Exception or UnmanagedException or DllNotFoundException)
        {
            throw new StartException($"The token {label} of {options.Pkcs11Library} cannot be used: {e.Message}");
        }
    }

    /// <summary>Asks in the session; once more in a new one, where the token has forgotten it.</summary>
    /// <param name="isNo">The token's codes by which it says that what it was asked is not so.</param>
    /// <exception cref="StartException">The token does not do it.</exception>
    /// <exception cref="CryptographicException">It says no.</exception>
    public T Ask<T>(Func<ISession, T> question, params CKR[] isNo)
    {
        lock (_lock)
        {
            try
            {
                try
                {
                    return question(_session);
                }
                catch (Pkcs11Exception e) when (e.RV is CKR.CKR_SESSION_HANDLE_INVALID or CKR.CKR_SESSION_CLOSED or CKR.CKR_USER_NOT_LOGGED_IN or CKR.CKR_DEVICE_REMOVED)
                {
                    _session = LogIn();
                    return question(_session);
                }
            }
            catch (Pkcs11Exception e)
            {
                throw isNo.Contains(e.RV)
                    ? new CryptographicException($"The token says {e.RV}.", e)
                    : new StartException($"The token {_slot.GetTokenInfo().Label.Trim()} refuses: {e.RV}.");
            }
        }
    }

    public void Dispose() => _session.Dispose();

    private ISession LogIn()
    {
        var session = _slot.OpenSession(SessionType.ReadWrite);
        try
        {
            session.Login(CKU.CKU_USER, Encoding.UTF8.GetBytes(_pin));
        }
        catch (Pkcs11Exception e) when (e.RV is CKR.CKR_USER_ALREADY_LOGGED_IN)
        {
            // All sessions of a process are logged in together.
        }

        return session;
    }

    private static string Pin(KeyOptions options)
    {
        if (!string.IsNullOrEmpty(options.Pkcs11Pin))
        {
            return options.Pkcs11Pin;
        }

        return string.IsNullOrWhiteSpace(options.Pkcs11PinFile)
            ? throw new StartException("Keys:Pkcs11Library is set, so the token's PIN is needed: Keys:Pkcs11Pin (environment: Keys__Pkcs11Pin) or Keys:Pkcs11PinFile.")
            : Encoding.UTF8.GetString(KeyFiles.ReadPrivate(options.Pkcs11PinFile, "The PIN file")).Trim();
    }
}
