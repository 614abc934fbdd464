-- +goose Up
-- When a purge first found a class expired, in milliseconds since 1970 (UTC). It is deleted when a later one finds it so again.
ALTER TABLE classes ADD COLUMN seen_expired_at BIGINT;

-- +goose Down
ALTER TABLE classes DROP COLUMN seen_expired_at;
