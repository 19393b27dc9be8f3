<?php
/**
 * Plugin Name: CanPay for WooCommerce
 * Plugin URI: https://canpay.ir/
 * Description: درگاه پرداخت اینترنتی کن‌پی برای ووکامرس
 * Version: 0.1.0
 * Requires at least: 6.0
 * Requires PHP: 7.4
 * Requires Plugins: woocommerce
 * WC requires at least: 7.1
 * License: Apache-2.0
 */

defined('ABSPATH') || exit;

add_action('before_woocommerce_init', function () {
    if (class_exists('\Automattic\WooCommerce\Utilities\FeaturesUtil')) {
        \Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility('custom_order_tables', __FILE__, true);
    }
});

add_action('plugins_loaded', function () {
    if (!class_exists('WC_Payment_Gateway')) {
        return;
    }
    require_once __DIR__ . '/includes/class-canpay-api.php';
    require_once __DIR__ . '/includes/class-wc-gateway-canpay.php';
    add_filter('woocommerce_payment_gateways', function ($gateways) {
        $gateways[] = 'WC_Gateway_CanPay';
        return $gateways;
    });
    // Payers who never come back: looked after twice, before the money would go back to them.
    add_action('canpay_settle', function ($order_id) {
        (new WC_Gateway_CanPay())->settle_order($order_id);
    });
});
