-- Players whose data is being deleted, a slice at a time. The next start goes on with those that are left.
CREATE TABLE unfinished_deletions (
    player TEXT PRIMARY KEY
) WITHOUT ROWID;
