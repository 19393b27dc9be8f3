<?php

use WHMCS\Database\Capsule;

/** What the module's pages have in common: the gateway's calls, the payments that were begun, and crediting one once. */
final class CanPay
{
    /** Whole rials of an amount in rial or toman; null where there are none. */
    public static function rials($amount, string $currency): ?int
    {
        $factor = ['IRR' => 1, 'RIAL' => 1, 'IRT' => 10, 'TOMAN' => 10, 'TMN' => 10][strtoupper($currency)] ?? null;
        if ($factor === null || !is_numeric($amount)) {
            return null;
        }
        $rials = round((float) $amount * $factor, 4);
        return $rials >= 1 && $rials === floor($rials) && $rials < 1e15 ? (int) $rials : null;
    }

    /** So that nobody but an invoice's own page chooses its amount. */
    public static function sign(array $fields): string
    {
        return hash_hmac('sha256', "{$fields['invoiceid']}|{$fields['rials']}|{$fields['credit']}", 'canpay' . $GLOBALS['cc_encryption_hash']);
    }

    /**
     * Asks the gateway. Every call may be repeated: token by its invoice, verify by the payment, refund by its refund_id.
     *
     * @return array|null Null: no usable answer, nobody knows what became of the call.
     */
    public static function ask(array $settings, string $operation, array $body): ?array
    {
        $headers = ['Content-Type: application/json'];
        if (!empty($settings['apiKey'])) {
            $headers[] = "Authorization: Bearer {$settings['apiKey']}";
        }
        $answer = null;
        for ($attempt = 0; $attempt < 3; $attempt++) {
            usleep($attempt * 300000);
            $curl = curl_init(rtrim($settings['gatewayUrl'], '/') . "/api/ipg/$operation");
            curl_setopt_array($curl, [
                CURLOPT_POSTFIELDS => json_encode(['merchant' => $settings['merchant']] + $body),
                CURLOPT_HTTPHEADER => $headers,
                CURLOPT_RETURNTRANSFER => true,
                CURLOPT_CONNECTTIMEOUT => 5,
                CURLOPT_TIMEOUT => 15,
            ]);
            $text = curl_exec($curl);
            $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
            $read = is_string($text) ? json_decode($text, true) : null;
            if (is_array($read) && is_bool($read['status'] ?? null)) {
                $answer = $read;
                if ($status < 500 && $status !== 429) {
                    break;
                }
            }
        }
        return $answer;
    }

    /** Keeps a payment before anybody else hears of it. @return string the number that the gateway knows it by */
    public static function keep(int $invoice, int $rials, string $credit): string
    {
        self::table();
        $number = $invoice . '-' . bin2hex(random_bytes(6));
        Capsule::connection()->insert(
            'INSERT INTO mod_canpay (number, invoice, rials, credit, begun_at) VALUES (?, ?, ?, ?, ?)', [$number, $invoice, $rials, $credit, time()]);
        return $number;
    }

    public static function keepToken(string $number, string $token): void
    {
        Capsule::connection()->update('UPDATE mod_canpay SET token = ? WHERE number = ?', [$token, $number]);
    }

    /** @param string $column number or reference */
    public static function find(string $column, string $value): ?object
    {
        self::table();
        $column = $column === 'reference' ? 'reference' : 'number';
        return Capsule::connection()->select("SELECT * FROM mod_canpay WHERE $column = ?", [$value])[0] ?? null;
    }

    /** Payments of the last half hour whose end is not known. */
    public static function open(): array
    {
        self::table();
        return Capsule::connection()->select(
            'SELECT * FROM mod_canpay WHERE token IS NOT NULL AND credited = 0 AND begun_at > ?', [time() - 1800]);
    }

    public static function refunded(string $token): void
    {
        Capsule::connection()->update('UPDATE mod_canpay SET refunds = refunds + 1 WHERE token = ?', [$token]);
    }

    /**
     * Asks the gateway what became of a payment, and credits it to the invoice once.
     *
     * @return string paid, open, failed or unknown
     */
    public static function settle(array $settings, object $payment): string
    {
        // With the amount: should the payment be of another one, nothing is verified.
        $answer = self::ask($settings, 'verify', ['token' => $payment->token, 'amount' => (int) $payment->rials]);
        if (($answer['status'] ?? false) === true) {
            $data = $answer['data'];
            if ($data['invoice_id'] !== $payment->number || $data['amount'] !== (int) $payment->rials) {
                return 'unknown';
            }
            // The update is the lock: of many at once one changes the row, the others wait for its commit and change nothing.
            Capsule::connection()->transaction(function () use ($payment, $data, $settings) {
                $first = Capsule::connection()->update(
                    'UPDATE mod_canpay SET credited = 1, reference = ? WHERE token = ? AND credited = 0', [$data['reference'], $payment->token]);
                if ($first === 1) {
                    addInvoicePayment((int) $payment->invoice, $data['reference'], $payment->credit, 0, 'canpay');
                    logTransaction($settings['name'], $data, 'Successful');
                }
            });
            return 'paid';
        }
        switch ($answer['error'] ?? '') {
            case 'payment_cancelled':
            case 'payment_failed':
            case 'payment_expired':
            case 'payment_returned':
                return 'failed';
            case 'payment_not_paid':
                return 'open';
            default:
                return 'unknown'; // no answer, or one that says nothing of the payment
        }
    }

    private static function table(): void
    {
        Capsule::connection()->statement(
            'CREATE TABLE IF NOT EXISTS mod_canpay (number VARCHAR(64) PRIMARY KEY, invoice INT NOT NULL, rials BIGINT NOT NULL,
             credit VARCHAR(32) NOT NULL, begun_at BIGINT NOT NULL, token CHAR(30) UNIQUE, reference CHAR(12) UNIQUE,
             credited SMALLINT NOT NULL DEFAULT 0, refunds INT NOT NULL DEFAULT 0)');
    }
}
