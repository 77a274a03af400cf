-- How often a command has changed the tenant's own database, of which no server hears by itself (core/tenant/registry.h).
ALTER TABLE tenant ADD COLUMN touches BIGINT NOT NULL DEFAULT 0;
