-- The few orders that may still be paid, among all that were: core/exam/payment_order.c.
CREATE INDEX payment_order_expires ON payment_order (expires_at);
