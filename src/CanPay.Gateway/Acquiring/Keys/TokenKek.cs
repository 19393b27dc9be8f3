using System.Security.Cryptography;
using System.Text;
using CanPay.Gateway.Kernel;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using ISession = Net.Pkcs11Interop.HighLevelAPI.ISession;

namespace CanPay.Gateway.Acquiring.Keys;

/// <summary>A key-encryption key that no one can take out of its token: an AES key of 256 bits that is sensitive and not extractable.</summary>
internal sealed class TokenKek : IKek
{
    private readonly Pkcs11Token _token;
    private readonly string _label;

    /// <param name="token">Belongs to whoever made it.</param>
    /// <exception cref="StartException">It is not there, or is another kind of key.</exception>
    public TokenKek(Pkcs11Token token, string label)
    {
        _token = token;
        _label = label;
        CheckValue = token.Ask(session =>
        {
            var key = Find(session) ?? throw new StartException($"The token has no AES key {label}. Make one by canpay keys make, or name another in Keys:Pkcs11Label.");
            var is256 = session.GetAttributeValue(key, [CKA.CKA_VALUE_LEN])[0].GetValueAsUlong() == SoftwareKek.KeyLength;
            var isOpen = session.GetAttributeValue(key, [CKA.CKA_EXTRACTABLE])[0].GetValueAsBool()
                || !session.GetAttributeValue(key, [CKA.CKA_SENSITIVE])[0].GetValueAsBool();
            if (isOpen || !is256)
            {
                throw new StartException($"The key {label} of the token must be an AES key of 256 bits, sensitive and not extractable.");
            }

            using var ecb = session.Factories.MechanismFactory.Create(CKM.CKM_AES_ECB);
            return KeyCheck.Of(block => session.Encrypt(ecb, key, block));
        });
    }

    public string CheckValue { get; }

    /// <summary>Makes the key in the token.</summary>
    /// <exception cref="StartException">There is one of that label, or the token refuses.</exception>
    public static TokenKek Make(Pkcs11Token token, string label)
    {
        token.Ask(session =>
        {
            if (Find(session, label) is not null)
            {
                throw new StartException($"The token has a key {label} already. Put another label before it in Keys:Pkcs11Label.");
            }

            using var generate = session.Factories.MechanismFactory.Create(CKM.CKM_AES_KEY_GEN);
            var attributes = session.Factories.ObjectAttributeFactory;
            return session.GenerateKey(generate,
            [
                attributes.Create(CKA.CKA_CLASS, CKO.CKO_SECRET_KEY),
                attributes.Create(CKA.CKA_KEY_TYPE, CKK.CKK_AES),
                attributes.Create(CKA.CKA_VALUE_LEN, (ulong)SoftwareKek.KeyLength),
                attributes.Create(CKA.CKA_LABEL, label),
                attributes.Create(CKA.CKA_TOKEN, true),
                attributes.Create(CKA.CKA_PRIVATE, true),
                attributes.Create(CKA.CKA_SENSITIVE, true),
                attributes.Create(CKA.CKA_EXTRACTABLE, false),
                attributes.Create(CKA.CKA_MODIFIABLE, false),
                attributes.Create(CKA.CKA_ENCRYPT, true),
                attributes.Create(CKA.CKA_DECRYPT, true),
            ]);
        });
        return new TokenKek(token, label);
    }

    public byte[] Wrap(ReadOnlySpan<byte> key, string place)
    {
        var nonce = RandomNumberGenerator.GetBytes(SoftwareKek.NonceLength);
        var clear = key.ToArray();
        try
        {
            return [.. nonce, .. _token.Ask(session =>
            {
                using var parameters = Parameters(session, nonce, place);
                using var gcm = session.Factories.MechanismFactory.Create(CKM.CKM_AES_GCM, parameters);
                return session.Encrypt(gcm, Find(session) ?? throw Gone(), clear);
            })];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    public byte[] Unwrap(byte[] wrapped, string place)
    {
        if (wrapped.Length != SoftwareKek.NonceLength + SoftwareKek.KeyLength + SoftwareKek.TagLength)
        {
            throw new CryptographicException("This is no wrapped key.");
        }

        // What was changed some tokens call an error of their own.
        return _token.Ask(
            session =>
            {
                using var parameters = Parameters(session, wrapped[..SoftwareKek.NonceLength], place);
                using var gcm = session.Factories.MechanismFactory.Create(CKM.CKM_AES_GCM, parameters);
                return session.Decrypt(gcm, Find(session) ?? throw Gone(), wrapped[SoftwareKek.NonceLength..]);
            },
            CKR.CKR_ENCRYPTED_DATA_INVALID,
            CKR.CKR_ENCRYPTED_DATA_LEN_RANGE,
            CKR.CKR_GENERAL_ERROR);
    }

    /// <summary>The token's session ends with the token.</summary>
    public void Dispose()
    {
    }

    private static Net.Pkcs11Interop.HighLevelAPI.MechanismParams.ICkGcmParams Parameters(ISession session, byte[] nonce, string place) =>
        session.Factories.MechanismParamsFactory.CreateCkGcmParams(
            nonce, (ulong)(8 * nonce.Length), Encoding.ASCII.GetBytes(place), 8 * SoftwareKek.TagLength);

    private IObjectHandle? Find(ISession session) => Find(session, _label);

    private static IObjectHandle? Find(ISession session, string label)
    {
        var attributes = session.Factories.ObjectAttributeFactory;
        var found = session.FindAllObjects(
        [
            attributes.Create(CKA.CKA_CLASS, CKO.CKO_SECRET_KEY), attributes.Create(CKA.CKA_KEY_TYPE, CKK.CKK_AES), attributes.Create(CKA.CKA_LABEL, label),
        ]);
        return found.Count <= 1
            ? found.FirstOrDefault()
            : throw new StartException($"The token has {found.Count} keys {label}; the label must be of one alone.");
    }

    private StartException Gone() => new($"The key {_label} is not in the token any more.");
}
