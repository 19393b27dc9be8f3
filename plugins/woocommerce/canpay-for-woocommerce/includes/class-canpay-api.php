<?php

defined('ABSPATH') || exit;

/** The calls of the gateway, through WordPress. */
final class CanPay_Api
{
    private $gateway;
    private $merchant;

    /** Only for the calls that need one. */
    private $key;

    public function __construct(string $gateway, string $merchant, string $key)
    {
        $this->gateway = rtrim($gateway, '/');
        $this->merchant = $merchant;
        $this->key = $key;
    }

    /**
     * Asks the gateway. Every call may be repeated: token by its invoice, verify by the payment, refund by its refund_id.
     *
     * @return array|null The gateway's answer; null: no usable answer, nobody knows what became of the call.
     */
    public function ask(string $operation, array $body)
    {
        $headers = ['Content-Type' => 'application/json'];
        if ($this->key !== '') {
            $headers['Authorization'] = 'Bearer ' . $this->key;
        }
        $answer = null;
        for ($attempt = 0; $attempt < 3; $attempt++) {
            usleep($attempt * 300000);
            $response = wp_remote_post("{$this->gateway}/api/ipg/$operation", [
                'headers' => $headers,
                'body' => wp_json_encode(['merchant' => $this->merchant] + $body),
                'timeout' => 15,
                'redirection' => 0,
            ]);
            if (is_wp_error($response)) {
                continue;
            }
            $status = (int) wp_remote_retrieve_response_code($response);
            $read = json_decode(wp_remote_retrieve_body($response), true);
            if (is_array($read) && is_bool($read['status'] ?? null)) {
                $answer = $read;
                if ($status < 500 && $status !== 429) {
                    break;
                }
            }
        }
        return $answer;
    }

    /** An error for people: code, name and what to do, as text, not as markup. */
    public static function words(?array $answer): string
    {
        return $answer === null
            ? 'درگاه پرداخت پاسخ نداد. کمی بعد دوباره تلاش کنید.'
            : trim(sprintf('%s %s: %s %s', $answer['code'] ?? '', $answer['error'] ?? '', $answer['message'] ?? '', $answer['description'] ?? ''));
    }
}
