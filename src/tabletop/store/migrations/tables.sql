CREATE TABLE action (
	run VARCHAR NOT NULL,
	action VARCHAR NOT NULL,
	objective VARCHAR,
	owner VARCHAR,
	criticality VARCHAR,
	deadline_s FLOAT,
	state VARCHAR,
	latency_s FLOAT,
	how VARCHAR,
	prompted BOOLEAN,
	other_role VARCHAR,
	evidence_seq INTEGER,
	PRIMARY KEY (run, action)
);
CREATE TABLE attachment (
	run VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	sha256 VARCHAR NOT NULL,
	content BLOB NOT NULL,
	PRIMARY KEY (run, name)
);
CREATE TABLE decision (
	run VARCHAR NOT NULL,
	seq INTEGER NOT NULL,
	wall_time VARCHAR,
	exercise_s FLOAT,
	role VARCHAR,
	person VARCHAR,
	inject VARCHAR,
	ask VARCHAR,
	decision VARCHAR,
	rationale VARCHAR,
	latency_s FLOAT,
	amends INTEGER,
	retracted BOOLEAN,
	PRIMARY KEY (run, seq)
);
CREATE TABLE draft (
	run VARCHAR NOT NULL,
	seat VARCHAR NOT NULL,
	field VARCHAR NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (run, seat, field)
);
CREATE TABLE event (
	run VARCHAR NOT NULL,
	seq INTEGER NOT NULL,
	id VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	wall_time VARCHAR NOT NULL,
	exercise_ms INTEGER NOT NULL,
	actor VARCHAR NOT NULL,
	fence INTEGER NOT NULL,
	body TEXT,
	salt VARCHAR,
	body_hash VARCHAR NOT NULL,
	prev VARCHAR NOT NULL,
	hash VARCHAR NOT NULL,
	PRIMARY KEY (run, seq),
	UNIQUE (id)
);
CREATE TABLE improvement (
	run VARCHAR NOT NULL,
	id VARCHAR NOT NULL,
	finding VARCHAR,
	action VARCHAR,
	element VARCHAR,
	severity VARCHAR,
	owner VARCHAR,
	due VARCHAR,
	status VARCHAR,
	verify_by VARCHAR,
	verified_by_run VARCHAR,
	PRIMARY KEY (run, id)
);
CREATE TABLE inject (
	run VARCHAR NOT NULL,
	inject VARCHAR NOT NULL,
	kind VARCHAR,
	planned_s FLOAT,
	released_s FLOAT,
	late_s FLOAT,
	status VARCHAR,
	reason VARCHAR,
	released_by VARCHAR,
	PRIMARY KEY (run, inject)
);
CREATE TABLE lease (
	run VARCHAR NOT NULL,
	fence INTEGER NOT NULL,
	holder VARCHAR NOT NULL,
	host VARCHAR NOT NULL,
	pid INTEGER NOT NULL,
	heartbeat VARCHAR NOT NULL,
	exercise_ms INTEGER NOT NULL,
	released BOOLEAN NOT NULL,
	PRIMARY KEY (run)
);
CREATE TABLE lobby (
	run VARCHAR NOT NULL,
	salt VARCHAR NOT NULL,
	locked BOOLEAN NOT NULL,
	paper BOOLEAN NOT NULL,
	hellos INTEGER NOT NULL,
	address VARCHAR NOT NULL,
	PRIMARY KEY (run)
);
CREATE TABLE presence (
	run VARCHAR NOT NULL,
	place VARCHAR NOT NULL,
	seat VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	device VARCHAR NOT NULL,
	since_ms INTEGER NOT NULL,
	seen_ms INTEGER NOT NULL,
	typing_ms INTEGER,
	gone BOOLEAN NOT NULL,
	PRIMARY KEY (run, place)
);
CREATE TABLE run (
	number INTEGER NOT NULL,
	id VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	status VARCHAR NOT NULL,
	events INTEGER NOT NULL,
	head VARCHAR NOT NULL,
	exercise VARCHAR NOT NULL,
	version VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	pace VARCHAR,
	subject VARCHAR,
	site VARCHAR,
	level VARCHAR,
	created VARCHAR NOT NULL,
	started VARCHAR,
	ended VARCHAR,
	people INTEGER,
	score FLOAT,
	grade VARCHAR,
	evidence FLOAT,
	exercise_hash VARCHAR NOT NULL,
	exercise_json TEXT NOT NULL,
	PRIMARY KEY (number),
	CONSTRAINT kind_is_known CHECK (kind IN ('live', 'practice', 'rehearsal', 'collected')),
	CONSTRAINT status_is_known CHECK (status IN ('open', 'ended', 'draft', 'final')),
	UNIQUE (id)
);
CREATE TABLE seat_code (
	run VARCHAR NOT NULL,
	seat VARCHAR NOT NULL,
	hash VARCHAR NOT NULL,
	made_ms INTEGER NOT NULL,
	used_ms INTEGER,
	PRIMARY KEY (run, seat)
);
CREATE TABLE seat_pass (
	id VARCHAR NOT NULL,
	run VARCHAR NOT NULL,
	seat VARCHAR NOT NULL,
	hash VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	made_ms INTEGER NOT NULL,
	kicked BOOLEAN NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (hash)
);
