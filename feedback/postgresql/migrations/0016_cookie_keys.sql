-- Which key signs the cookies of a server, as a hash that does not give the key away.
ALTER TABLE servers ADD COLUMN cookie_key TEXT COLLATE "C";
