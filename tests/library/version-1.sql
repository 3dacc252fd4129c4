PRAGMA user_version=1;
BEGIN TRANSACTION;
CREATE TABLE clips (
            digest TEXT PRIMARY KEY,
            size_bytes INTEGER NOT NULL,
            made_at REAL NOT NULL,
            used_at REAL NOT NULL,
            facts_json TEXT NOT NULL);
INSERT INTO "clips" VALUES('d0607f7ad2628b2af9158dfba06ce87166e66b15bf68f8f358f9aa27ccb7c321',4,1767225680.0,1767225680.0,'{"duration_s": 1.0, "width": 1920, "height": 1080, "fps": 30.0, "backend": "local", "prompt": "a city at night"}');
CREATE TABLE jobs (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            session INTEGER NOT NULL REFERENCES sessions (id),
            state TEXT NOT NULL,
            text TEXT NOT NULL,
            error TEXT NOT NULL DEFAULT '',
            began_at REAL NOT NULL,
            ended_at REAL,
            host TEXT NOT NULL,
            pid INTEGER NOT NULL,
            pid_began_at REAL NOT NULL,
            credits_spent REAL,
            clip TEXT,
            path TEXT NOT NULL DEFAULT '');
INSERT INTO "jobs" VALUES('message-0000000001','message',1,'done','a city at night','',1767225620.0,1767225630.0,'ann-laptop',4242,1767225000.0,100.0,NULL,'');
INSERT INTO "jobs" VALUES('upload-0000000002','upload',1,'done','logo.png','',1767225640.0,1767225650.0,'ann-laptop',4242,1767225000.0,NULL,NULL,'');
INSERT INTO "jobs" VALUES('export-0000000003','export',1,'done','a city at night','',1767225660.0,1767225690.0,'ann-laptop',4242,1767225000.0,NULL,'d0607f7ad2628b2af9158dfba06ce87166e66b15bf68f8f358f9aa27ccb7c321','/home/ann/city.mp4');
INSERT INTO "jobs" VALUES('export-0000000004','export',1,'running','a city at night','',1767225700.0,NULL,'ann-laptop',4242,1767225000.0,NULL,NULL,'/home/ann/again.mp4');
CREATE TABLE messages (
            job TEXT PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
            request TEXT,
            before BLOB,
            answer BLOB);
INSERT INTO "messages" VALUES('message-0000000001','5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f',X'789CAB564A294A4C2B51B2AAAED5514A4FCD4B2D4A2C494D51B232A805007B8F0909',X'789C758E4D0AC2301085AF22B352A8124541BB133C823B1109664C82692A66B44AC9DD7D69D7AE3233F9DE4F4FC21FA19A8E8E27572FDF890D6D97165411BF394AA2FAD4D3DD475318A0070EA2F1FB4796CF155D9D8E968B92F6C6B0A94762AAE6CB342300E6A96F10F72483BBE05115253B6C695810B7540A4353B8A81B4658B1A19CCF2564B877DE8803B95B8174ECAD93A2DBAA9CD13FE847627381E17AB181BF6BBB880888D3CBA2A0F836A6F1A04BCF71743EC224BE42C83F315A5981');
CREATE TABLE renders (
            job TEXT PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
            output_json TEXT NOT NULL,
            remote_id TEXT,
            draft TEXT);
INSERT INTO "renders" VALUES('export-0000000003','{"format": "mp4", "quality": "high"}','render_000000000000000000000001','cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd');
INSERT INTO "renders" VALUES('export-0000000004','{"format": "mp4", "quality": "high", "resolution": "360p"}','render_000000000000000000000002','cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd');
CREATE TABLE sessions (
            id INTEGER PRIMARY KEY,
            backend TEXT NOT NULL,
            service TEXT NOT NULL,
            remote_id TEXT,
            task_name TEXT NOT NULL,
            language TEXT,
            began_at REAL NOT NULL,
            UNIQUE (service, remote_id));
INSERT INTO "sessions" VALUES(1,'local','local 0.1.0','s_0123456789abcdef','project','en',1767225610.0);
CREATE TABLE uploads (
            job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            digest TEXT NOT NULL,
            size_bytes INTEGER,
            PRIMARY KEY (job, position));
INSERT INTO "uploads" VALUES('upload-0000000002',0,'logo.png','abababababababababababababababababababababababababababababababab',1234);
CREATE INDEX jobs_by_time ON jobs (began_at);
CREATE INDEX jobs_by_session ON jobs (session, began_at);
CREATE INDEX jobs_unended ON jobs (state) WHERE state IN ('running', 'unclear');
CREATE INDEX messages_by_request ON messages (request);
CREATE INDEX renders_by_draft ON renders (draft);
COMMIT;
